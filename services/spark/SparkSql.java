import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Runs SQL on a local Spark: a statement as a JSON string a line on standard input, an answer as a
 * line of JSON on standard output, {"rows": [[text or null]]} or {"error": text}. Settings are -Dspark.* of the JVM.
 */
public class SparkSql {
  public static void main(String[] arguments) throws Exception {
    PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    System.setOut(System.err);
    ObjectMapper json = new ObjectMapper();
    SparkSession session = SparkSession.builder().getOrCreate();
    answers.println("{\"ready\":\"" + session.version() + "\"}");
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      Map<String, Object> answer = new LinkedHashMap<>();
      try {
        List<List<String>> rows = new ArrayList<>();
        for (Row row : session.sql(json.readValue(line, String.class)).collectAsList()) {
          List<String> values = new ArrayList<>();
          for (int index = 0; index < row.size(); index++) {
            values.add(row.isNullAt(index) ? null : String.valueOf(row.get(index)));
          }
          rows.add(values);
        }
        answer.put("rows", rows);
      } catch (Throwable error) {
        answer.put("error", error.getClass().getName() + ": " + error.getMessage());
      }
      answers.println(json.writeValueAsString(answer));
    }
    session.stop();
  }
}
