import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.json.McpJsonDefaults;
import java.time.Duration;
import java.util.Arrays;

/** A client of the official Java SDK: starts the server that the command line names, lists its tools, and ends. */
public final class Client {
    public static void main(String[] words) {
        var server = ServerParameters.builder(words[0]).args(Arrays.asList(words).subList(1, words.length)).build();
        var transport = new StdioClientTransport(server, McpJsonDefaults.getMapper());
        int code = 0;
        try (var client = McpClient.sync(transport).requestTimeout(Duration.ofSeconds(30))
                .initializationTimeout(Duration.ofSeconds(30)).build()) {
            client.initialize();
            client.listTools().tools().forEach(tool -> System.out.println(tool.name()));
        } catch (RuntimeException problem) {
            System.err.println(problem);
            code = 1;
        }
        System.exit(code);
    }
}
