"""Faults in the shape of answers (WIRE)."""

import json
import traceback
from collections.abc import Mapping, Sequence

from starlette.responses import Response

from idpact_contract.reference import Connection, Connections, RequestRefusedError, Wire
from idpact_contract.reference.errors import bad_value
from tests.mutants.registry import mutant


@mutant("WIRE-1")
class LeavesOutWhatIsEmpty(Wire):
    """Unset fields are left out of the answer."""

    def connection(self, connection: Connection) -> dict[str, object]:
        return {name: value for name, value in super().connection(connection).items() if value}


@mutant("WIRE-1")
class NullsForUnset(Wire):
    """Unset fields are null."""

    def connection(self, connection: Connection) -> dict[str, object]:
        return {name: value or None for name, value in super().connection(connection).items()}


@mutant("WIRE-1")
class ForgetsTheWrapper(Wire):
    """A frontend answer is not wrapped."""

    def wrapped(self, answer: Mapping[str, object]) -> dict[str, object]:
        return dict(answer)


@mutant("WIRE-1")
class AnswersPlainText(Wire):
    """The answer's content type is text/plain."""

    def response(
        self, answer: Mapping[str, object], *, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> Response:
        return Response(json.dumps(answer).encode(), status_code=status, headers=headers, media_type="text/plain")


@mutant("WIRE-1")
class AnswersCreated(Wire):
    """Every success is 201."""

    def response(
        self, answer: Mapping[str, object], *, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> Response:
        return super().response(answer, status=201 if status == 200 else status, headers=headers)


@mutant("WIRE-2")
class StatusCodeAsText(Wire):
    """status_code is a string."""

    def success(self, answer: Mapping[str, object]) -> dict[str, object]:
        return {**super().success(answer), "status_code": "200"}


@mutant("WIRE-2", "WIRE-5")
class ErrorsSay200(Wire):
    """An error's status_code is 200."""

    def failure(self, refused: RequestRefusedError) -> dict[str, object]:
        return {**super().failure(refused), "status_code": 200}


@mutant("WIRE-3")
class NoRequestId(Wire):
    """There is no request_id."""

    def success(self, answer: Mapping[str, object]) -> dict[str, object]:
        return {name: value for name, value in super().success(answer).items() if name != "request_id"}


@mutant("WIRE-3")
class OneRequestId(Wire):
    """Every answer has the same request_id."""

    def request_id(self) -> str:
        return "request-id-test-1"


@mutant("WIRE-4")
class OtherStatusWords(Wire):
    """The status words are others than the documented ones."""

    def connection(self, connection: Connection) -> dict[str, object]:
        return {**super().connection(connection), "status": connection.status.upper()}


@mutant("WIRE-5")
class ErrorsOfAnotherShape(Wire):
    """Errors have one member, detail."""

    def failure(self, refused: RequestRefusedError) -> dict[str, object]:
        return {"detail": refused.message}


@mutant("WIRE-5")
class ShowsTheTrace(Wire):
    """An error's message ends in a stack trace."""

    def failure(self, refused: RequestRefusedError) -> dict[str, object]:
        traced = "".join(traceback.format_exception(refused))
        return {**super().failure(refused), "error_message": f"{refused.message}\n{traced}"}


@mutant("WIRE-5")
class AnswersErrorsInHtml(Wire):
    """Errors are HTML pages."""

    def response(
        self, answer: Mapping[str, object], *, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> Response:
        if status < 400:
            return super().response(answer, status=status, headers=headers)
        return Response("<h1>Something went wrong</h1>", status_code=status, media_type="text/html")


@mutant("WIRE-6")
class RefusesRepeatedId(Connections):
    """Members that are no parameters are refused, the path's own id among them."""

    def typed(self, body: Mapping[str, object]) -> dict[str, object]:
        for name in body:
            if name not in self.parameters():
                raise bad_value(name, body[name], "no such parameter")
        return super().typed(body)


@mutant("WIRE-7", profile="stytch-backend")
class NoCustomScopes(Wire):
    """There are no custom_scopes where none were set."""

    def connection(self, connection: Connection) -> dict[str, object]:
        shown = super().connection(connection)
        return shown if connection.custom_scopes else {name: shown[name] for name in shown if name != "custom_scopes"}


@mutant("WIRE-7", profile="stytch-backend")
class ListsOnlyOidc(Wire):
    """A list holds the OIDC connections alone."""

    def listing(self, connections: Sequence[Connection]) -> dict[str, object]:
        return {"oidc_connections": super().listing(connections)["oidc_connections"]}
