"""Many workers and replicas as one mock IdP: what they share is in Redis. Imported only where a store was asked for."""
