public class Server {
    public static void main(String[] words) throws Exception {
        var input = new java.io.BufferedReader(new java.io.InputStreamReader(System.in));
        var id = java.util.regex.Pattern.compile("\"id\":\\s*(\"[^\"]*\"|\\d+)");
        for (String line; (line = input.readLine()) != null;) {
            var found = id.matcher(line);
            if (!found.find()) continue;
            String answer = line.contains("\"initialize\"")
                ? """
                  "result":{"protocolVersion":"2025-06-18","capabilities":{},"serverInfo":{"name":"t","version":"1"}}"""
                : """
                  "error":{"code":-32601,"message":"no such method"}""";
            System.out.println("{\"jsonrpc\":\"2.0\",\"id\":" + found.group(1) + "," + answer + "}");
        }
    }
}
