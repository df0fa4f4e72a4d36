//! A client of the official Rust SDK: starts the server that the command line names, lists its tools, and ends.

use rmcp::{transport::TokioChildProcess, ServiceExt};
use std::time::Duration;
use tokio::process::Command;

#[tokio::main]
async fn main() {
    let mut words = std::env::args().skip(1);
    let mut command = Command::new(words.next().expect("a command"));
    command.args(words);
    let listed = tokio::time::timeout(Duration::from_secs(30), async {
        let service = ().serve(TokioChildProcess::new(command).map_err(|e| e.to_string())?).await.map_err(|e| e.to_string())?;
        let tools = service.list_all_tools().await.map_err(|e| e.to_string())?;
        service.cancel().await.map_err(|e| e.to_string())?;
        Ok::<_, String>(tools)
    })
    .await
    .unwrap_or_else(|_| Err("no answer in 30 s".into()));
    match listed {
        Ok(tools) => tools.iter().for_each(|tool| println!("{}", tool.name)),
        Err(problem) => {
            eprintln!("{problem}");
            std::process::exit(1);
        }
    }
}
