"""`idpact check`: one run of the suite against one implementation, with pytest beneath and nothing of the user's in it."""
