"""The console: pages for people, rendered at the server, complete without JavaScript.

Belongs here: one module per page (`routes(services)`), the layout, templates, static files.
Nothing here decides.
Must not be here: what the pages show (`server.views`), who may ask (`server.access`), the API (`server.management`).

Everything from endpoints is hostile text. Templates print it escaped, with control and bidirectional characters shown;
no template marks a value as safe, and no script or style stands in a page.
"""
