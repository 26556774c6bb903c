"""Signing in to an account at another provider: ProConnect, FranceConnect, a Keycloak…"""
