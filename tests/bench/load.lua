-- For wrk. Behind "--": method, Authorization, form body, and how many issuers are asked in turn and how far apart their
-- numbers are, where "N" in the path stands for a number. What came of it is one line that a program reads.
function init(args)
  wrk.method = args[1] or "GET"
  if args[2] and args[2] ~= "" then
    wrk.headers["Authorization"] = args[2]
    wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
    wrk.body = args[3]
  end
  local count, step = tonumber(args[4] or "0"), tonumber(args[5] or "0")
  if count > 0 then
    local prepared, turn = {}, 0
    for number = 0, count - 1 do
      prepared[number] = wrk.format(nil, (string.gsub(wrk.path, "N", tostring(number * step), 1)))
    end
    function request()
      turn = (turn + 1) % count
      return prepared[turn]
    end
  end
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format("measured %d %d %d %d\n", summary.requests, summary.duration, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout))
end
