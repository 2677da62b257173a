"""idpact's own tests."""
