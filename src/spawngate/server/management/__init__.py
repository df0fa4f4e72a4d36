"""SHELL. The JSON API for administrators and programs, under /api/v1: FastAPI, OpenAPI 3.1, pages by key everywhere.

One module per noun, each with `router(services) -> APIRouter`. Every route asks its permission (`GuardedRoute`), every
list is filtered by the teams in which the principal holds it, every change is recorded (`administration`).
Must not be here: what a page shows (`views`), the routes of endpoints (`intake`).
"""
