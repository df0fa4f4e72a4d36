"""What a library is for: from where the functions that a program entrusts to it get what they are called with.

Belongs here: packages of Python by the kind of their data, for libraries that no model describes in full (FastAPI,
Flask, Django and others have one, which knows better). Not here: how
a function is entrusted (`entrusted`), single names of a library (`models`).
Sources: the packages' own summaries on PyPI, "Framework ::" and "Topic ::" classifiers.
"""

from __future__ import annotations

from spawngate.codescan.finding import SourceKind

_http = """
bottle cherrypy falcon hug web blacksheep robyn esmerald ravyn lilya emmett emmett55 masonite microdot socketify
connexion apiflask
baize panther molten muffin morepath klein twisted.web responder
piccolo_api tornado
fasthtml starhtml xpresso spectree webargs webob webapp2 spyne flasgger growler vibora japronto cyclone
http.server wsgiref xmlrpc.server jsonrpcserver jsonrpclib jsonrpc jsonrpcclient pjrpc tinyrpc fastapi_jsonrpc aiorpcx
dash streamlit gradio nicegui reflex solara panel mesop taipy shiny pywebio remi justpy h2o_wave viktor voila anvil
streamsync writer fastui
ray.serve bentoml litserve modal chalice azure.functions functions_framework mangum aws_lambda_powertools runpod
graphene strawberry ariadne tartiflette flask_graphql
nio aiogram telegram telebot pyrogram telethon hydrogram discord nextcord disnake hikari lightbulb interactions crescent
slack_bolt slack_sdk slackeventsapi mattermostdriver mmpy_bot zulip zulip_bots errbot botbuilder microsoft_agents
botframework slixmpp irc irc3 pydle sopel twitchio twitchAPI vkbottle vk_api vkwave maxbot khl wechaty itchat wxpy
werobot wechatpy dingtalk_stream lark_oapi feishu larkpy botpy nonebot graia ncatbot melobot aiocqhttp cqhttp
signalbot simplematrixbotlib mautrix maubot opsdroid rasa_sdk chatterbot viberbot linebot pymessenger fbmessenger twilio
deltachat_rpc_client deltabot_cli aiosmtpd smtpd imapclient imap_tools mailbox guilded revolt stoat
grpc grpclib betterproto nameko rpyc Pyro5 Pyro4 zerorpc thrift thriftpy2 aiozmq.rpc
"""
_ws = """
websockets socketio flask_socketio flask_sock channels autobahn picows wsproto simple_websocket websocket
websocket_server fastapi_websocket_rpc fastapi_websocket_pubsub engineio centrifuge livekit.rtc aiortc
"""
_ipc = """
paho gmqtt aiomqtt asyncio_mqtt amqtt hbmqtt fastapi_mqtt flask_mqtt nats stan stomp kombu pika aio_pika aiormq
rabbitpy aiokafka kafka confluent_kafka faust faststream propan quixstreams bytewax pulsar zmq rocketmq dapr
google.cloud.pubsub_v1 azure.servicebus azure.eventhub lsprotocol pygls pynvim dbus dbus_next dasbus sdbus
jupyter_client ipykernel.comm lahja aiozmq redis.client
"""
_llm = """
langchain langchain_core langchain_community langgraph crewai crewai_tools llama_index pydantic_ai agents autogen
autogen_core autogen_agentchat ag2 semantic_kernel smolagents haystack agno phi camel metagpt swarms swarm dspy
marvin magentic mirascope griptape letta agentscope qwen_agent praisonaiagents google.adk strands upsonic livekit.agents
pipecat beeai_framework agent_framework controlflow ell lagent modelscope_agent taskweaver atomic_agents
llmling_agent langroid llm fast_agent mcp_agent rasa burr instructor lmql guidance txtai
"""
_plugin = "langgraph.graph langgraph.func pluggy stevedore"
_file = "watchdog watchfiles inotify pyinotify asyncinotify"
_cli = """
click typer fire cmd cmd2 plumbum cyclopts cleo invoke rich_click prompt_toolkit questionary argh clize tyro
textual tkinter customtkinter PyQt5 PyQt6 PySide2 PySide6 wx kivy toga flet PySimpleGUI dearpygui IPython
"""
_KINDS = (
    (SourceKind.HTTP, _http),
    (SourceKind.WS, _ws),
    (SourceKind.IPC, _ipc),
    (SourceKind.LLM, _llm),
    (SourceKind.PLUGIN, _plugin),
    (SourceKind.FILE, _file),
    (SourceKind.CLI, _cli),
)
FAMILIES: dict[str, SourceKind] = {name: kind for kind, names in _KINDS for name in names.split()}
"""Package, or the part of one that counts, and the kind of what its callbacks are called with."""


def family(name: str) -> tuple[str, SourceKind] | None:
    """The library that a qualified name belongs to, with its kind; None for one of no family."""
    while name:
        found = FAMILIES.get(name)
        if found is not None:
            return name, found
        name = name.rpartition(".")[0]
    return None
