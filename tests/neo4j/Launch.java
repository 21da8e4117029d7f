import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.neo4j.dbms.api.DatabaseManagementServiceBuilder;

/** Serves one Neo4j from its Maven jars until it is killed, as its data is thrown away: java Launch.java HOME CONF. */
public class Launch {
    public static void main(String[] arguments) throws InterruptedException {
        new DatabaseManagementServiceBuilder(Path.of(arguments[0]))
                .loadPropertiesFromFile(Path.of(arguments[1]))
                .build();
        new CountDownLatch(1).await();
    }
}
