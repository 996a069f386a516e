import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Runs SQL on a local Spark. A line of standard input is a statement {"id": number, "sql": text}, a line of
 * standard output its answer {"id": number, "rows": [[text or null]]} or {"id": number, "error": text}; statements
 * run at the same time. The first line, of id 0, says that Spark is ready. Settings are -Dspark.* of the JVM.
 */
public class SparkSql {
  private static final ObjectMapper JSON = new ObjectMapper();

  public static void main(String[] arguments) throws Exception {
    PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    System.setOut(System.err);
    SparkSession session = SparkSession.builder().getOrCreate();
    answers.println(JSON.writeValueAsString(Map.of("id", 0, "rows", List.of(List.of(session.version())))));
    ExecutorService threads = Executors.newFixedThreadPool(4);
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      JsonNode statement = JSON.readTree(line);
      threads.submit(() -> {
        String answer = answer(session, statement);
        synchronized (answers) {
          answers.println(answer);
        }
      });
    }
    threads.shutdownNow();
    session.stop();
    System.exit(0);
  }

  private static String answer(SparkSession session, JsonNode statement) {
    try {
      Map<String, Object> answer = new LinkedHashMap<>();
      answer.put("id", statement.get("id").asInt());
      try {
        answer.put("rows", rows(session, statement.get("sql").asText()));
      } catch (Throwable error) {
        answer.put("error", messages(error));
      }
      return JSON.writeValueAsString(answer);
    } catch (Exception error) {
      throw new IllegalStateException(error);
    }
  }

  private static List<List<String>> rows(SparkSession session, String sql) {
    List<List<String>> rows = new ArrayList<>();
    for (Row row : session.sql(sql).collectAsList()) {
      List<String> values = new ArrayList<>();
      for (int index = 0; index < row.size(); index++) {
        values.add(row.isNullAt(index) ? null : String.valueOf(row.get(index)));
      }
      rows.add(values);
    }
    return rows;
  }

  private static String messages(Throwable error) {
    StringBuilder text = new StringBuilder();
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      text.append(text.length() == 0 ? "" : "\ncaused by ").append(cause.getClass().getName()).append(": ");
      text.append(cause.getMessage());
    }
    return text.toString();
  }
}
