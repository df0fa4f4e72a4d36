"""Tools of the agents by name: of which kind each is, and how its input is read.

Belongs here: one table over all agents. A name that means something else in one agent stands in that agent's own table,
which goes first. A name of no table is OTHER.
Sources: the vendors' tool lists named in each agent's dialect; names that real clients sent, as measured.
Must not be here: reading of inputs (`agents.hooks.inputs`), names of MCP tools (`agents.hooks.mcp_names`).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from spawngate.agents.hooks import changes, inputs
from spawngate.agents.hooks.inputs import ReadInput
from spawngate.model.call import Dialect, ToolKind


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool: its kind and the reader of its input."""

    kind: ToolKind
    read: ReadInput
    dialect: Dialect = "posix"
    """SHELL: what interprets its text."""
    windows: Dialect | None = None
    """SHELL: what interprets its text on Windows, where that differs."""


SHELL = Tool(ToolKind.SHELL, inputs.shell)
NATIVE_SHELL = Tool(ToolKind.SHELL, inputs.shell, windows="powershell")
"""Runs in the system's own shell."""
CMD_SHELL = Tool(ToolKind.SHELL, inputs.shell, windows="cmd")
POWERSHELL = Tool(ToolKind.SHELL, inputs.shell, "powershell")
KEYS = Tool(ToolKind.SHELL, inputs.keys)
CODE = Tool(ToolKind.SHELL, inputs.code)
AWS = Tool(ToolKind.SHELL, inputs.aws)
READ = Tool(ToolKind.READ, inputs.read)
WRITE = Tool(ToolKind.WRITE, changes.write)
EDIT = Tool(ToolKind.WRITE, changes.edit)
PATCH = Tool(ToolKind.WRITE, changes.patch)
DELETE = Tool(ToolKind.WRITE, changes.delete)
MOVE = Tool(ToolKind.WRITE, changes.move)
EDITOR = Tool(ToolKind.WRITE, changes.editor)
FOLDER = Tool(ToolKind.WRITE, inputs.read)
"""Makes a folder: it names a path and changes no content."""
NOTEBOOK = Tool(ToolKind.WRITE, changes.notebook)
FETCH = Tool(ToolKind.FETCH, inputs.fetch)
SEARCH = Tool(ToolKind.SEARCH, inputs.search)
SUBAGENT = Tool(ToolKind.SUBAGENT, inputs.subagent)
MCP = Tool(ToolKind.MCP, inputs.mcp)
MCP_FIELDS = Tool(ToolKind.MCP, inputs.mcp_fields)
OTHER = Tool(ToolKind.OTHER, inputs.other)


def _named(tool: Tool, names: str) -> dict[str, Tool]:
    return dict.fromkeys(names.split(), tool)


COMMON: Mapping[str, Tool] = {
    **_named(
        SHELL,
        "bash exec exec_command execute execute_bash local_shell localshell monitor run_bash sh shell_command "
        "terminal bashtool developer__shell container.exec user_shell run_bash_command command",
    ),
    **_named(
        NATIVE_SHELL,
        "shell run_shell_command run_command run_commands execute_command run_in_terminal run_terminal_cmd "
        "run_terminal_command runcommand launch-process launch_process shellexec runinterminal "
        "create_and_run_task run_terminal run_background start_process process_start run_process",
    ),
    **_named(POWERSHELL, "powershell pwsh run_powershell executepwsh execute_pwsh"),
    **_named(Tool(ToolKind.SHELL, inputs.shell, "cmd"), "cmd execute_cmd executecmd"),
    **_named(
        KEYS,
        "write_stdin send_terminal_input write_bash write_powershell write-process write_process "
        "send_command_input bash_input terminal_input",
    ),
    **_named(
        CODE,
        "execute_code executecode run_code python ipython execute_ipython_cell run_python code_execution "
        "run_javascript js_repl python_repl run_node automation_script computercontroller__automation_script",
    ),
    **_named(AWS, "use_aws aws"),
    **_named(
        READ,
        "read read_file readfile read_files readfiles view view_file viewfile read_many_files notebookread "
        "view_image viewimage read_media_file readmediafile fs_read developer__read_file copilot_readfile "
        "view_code_item view_file_outline get_file_contents open_file notebook_read read_notebook readtool",
    ),
    **_named(
        WRITE,
        "write write_file writefile write_to_file create create_file createfile save-file save_file savefile "
        "developer__write writetool create_new_file file_write",
    ),
    **_named(
        EDIT,
        "edit edit_file editfile editfiles edit_files multiedit multi_edit multieditfile replace replace_in_file "
        "replace_string_in_file multi_replace_string_in_file replace_file_content multi_replace_file_content "
        "insert_edit_into_file insert_code developer__edit strreplacefile strreplace str_replace search_replace "
        "search_and_replace apply_diff edittool multiedittool file_edit edit_block update_file insert_content",
    ),
    **_named(
        EDITOR,
        "fs_write str_replace_editor str_replace_based_edit_tool str-replace-editor file_editor editor "
        "developer__text_editor text_editor",
    ),
    **_named(PATCH, "apply_patch applypatch patch"),
    **_named(DELETE, "delete delete_file deletefile remove-files remove_files remove_file file_delete"),
    **_named(FOLDER, "createdirectory create_directory mkdir make_directory"),
    **_named(MOVE, "move_file movefile rename_file renamefile move rename"),
    **_named(NOTEBOOK, "notebookedit notebook_edit edit_notebook edit_notebook_file editnotebook"),
    **_named(
        FETCH,
        "webfetch web_fetch web-fetch fetch fetchurl fetch_url fetch_web_content fetch_webpage read_url_content "
        "download open_browser browser_navigate view_web_document_content browser_action open-browser "
        "web_extract readurl read_url visit_webpage fetch_content read_web_page agentic_fetch open_page "
        "browse_page computercontroller__web_scrape",
    ),
    **_named(
        SEARCH,
        "grep glob ls list find search list_files listfiles list_directory list_dir readfolder search_files "
        "search_codebase codebase_search semantic_search file_search grep_search find_by_name search_file_content "
        "websearch web_search web-search google_web_search search_web codebase-retrieval ripgrep tree searchweb "
        "list_code_definition_names list_code_usages find_files sourcegraph tool_search git_search "
        "semanticsearch finder librarian codesearch",
    ),
    **_named(
        SUBAGENT,
        "agent task subagent spawn_agent collaborationspawn_agent send_input collaborationsend_input sendmessage "
        "collaborationsend_message new_task createsubagent create_subagent invoke_agent invoke_subagent "
        "define_subagent run_subagent runsubagent use_subagent use_subagents delegate delegate_task dispatch_agent "
        "delegate_to_agent spawn_subagent oracle sub-agent start_subagent",
    ),
    **_named(
        MCP_FIELDS, "use_mcp_tool access_mcp_resource mcp_call_tool readmcpresourcetool read_mcp_resource run_mcp"
    ),
}
"""By lower-case name."""


def tool_of(name: str, own: Mapping[str, Tool]) -> Tool | None:
    """The tool of that name: from the agent's own table, then from the common one; None where neither has it.

    A namespace in front (`file_system.bash`, `functions.exec_command`) is left off where the whole name is not known.
    """
    lower = name.lower()
    last = lower if "__" in lower else lower.rpartition(".")[2]
    for candidate in (lower, last):
        found = own.get(candidate) or COMMON.get(candidate)
        if found is not None:
            return found
    return None
