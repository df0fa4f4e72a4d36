"""Fields of tools' inputs: under which names agents write commands, files, changes, addresses and prompts.

Belongs here: names over all agents, and the record that readers of inputs fill.
Must not be here: reading (`agents.hooks.inputs`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from spawngate.model.call import Dialect, Edit, ToolKind
from spawngate.model.json import Json

Input = Mapping[str, Json]

COMMAND = ("command", "cmd", "CommandLine", "command_line", "commandLine", "shell_command", "bash_command")
COMMANDS = ("commands", "cmds")
FOLDER = ("cwd", "Cwd", "dir_path", "workdir", "working_directory", "workingDirectory", "directory", "workspaceFolder")
PATH = (
    "file_path",
    "filePath",
    "path",
    "TargetFile",
    "AbsolutePath",
    "absolute_path",
    "absolutePath",
    "target_file",
    "notebook_path",
    "relative_workspace_path",
    "filename",
    "file_name",
    "file",
    "filepath",
    "uri",
    "DirectoryPath",
    "SearchPath",
    "SearchDirectory",
    "dirPath",
    "dir_path",
    "directory",
)
PATHS = ("paths", "file_paths", "filePaths", "files", "operations", "AbsolutePaths", "images", "image_paths")
CONTENT = ("content", "contents", "CodeContent", "file_text", "file_content", "text", "code", "fileContent")
OLD = (
    "old_string",
    "oldString",
    "old_str",
    "oldText",
    "old_text",
    "before",
    "TargetContent",
    "old_content",
    "search",
    "old",
)
NEW = (
    "new_string",
    "newString",
    "new_str",
    "newText",
    "new_text",
    "after",
    "ReplacementContent",
    "new_content",
    "replace",
    "replacement",
    "new_source",
    "newCode",
    "insert_text",
    "insert_line_text",
    "code_edit",
    "code",
    "content",
    "text",
    "new",
)
EDITS = ("edits", "edit", "replacements", "ReplacementChunks", "changes", "str_replace_entries", "insert_line_entries")
EVERYWHERE = ("replace_all", "replaceAll", "allow_multiple", "AllowMultiple", "everywhere")
PATCH = ("patch", "diff", "input", "command", "patch_text", "patchText", "content")
SOURCE = ("source", "source_path", "old_path", "oldPath", "from", "src", "old_uri")
TARGET = ("destination", "destination_path", "new_path", "newPath", "to", "dest", "new_uri", "target")
URL = ("url", "Url", "URL", "urls", "uri", "link", "address")
PROMPT = ("prompt", "message", "task", "Prompt", "description", "instructions", "instruction", "query", "content")
ARGUMENTS = ("arguments", "mcp_tool_arguments", "tool_input", "args", "params", "input", "parameters")
CODE = ("code", "script", "source", "python_code", "javascript")


@dataclass(slots=True)
class Parts:
    """What was found in one input so far."""

    kind: ToolKind
    commands: list[str] = field(default_factory=list)
    argvs: list[tuple[str, ...]] = field(default_factory=list)
    dialect: Dialect = "posix"
    paths: list[str] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)
    prompt: str = ""
    server: str = ""
    server_tool: str = ""
    cwd: str = ""
    input: Input | None = None
    """Takes the place of the tool's own input (the arguments inside a call of an MCP tool)."""
