package dev.pictj.catalog.rocksdb;

import dev.pictj.catalog.CatalogException;
import dev.pictj.catalog.OwedWork;
import dev.pictj.catalog.rocksdb.Database.Reader;
import dev.pictj.catalog.rocksdb.Rows.TaskRow;
import java.util.ArrayList;
import java.util.List;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Owed work on RocksDB: in {@link Family#BACKGROUND} lies the {@link TaskRow} of each. */
final class RocksOwedWork implements OwedWork {
  private static final Logger log = LoggerFactory.getLogger(RocksOwedWork.class);

  /** Before the kind, a slash and the id. */
  static final String OWED = "owed/";

  private final Database database;

  RocksOwedWork(Database database) {
    this.database = database;
  }

  private static String key(Task task) {
    return OWED + task.kind() + "/" + task.id();
  }

  @Override
  public void owe(Task task) {
    database.change(true, session -> session.put(Family.BACKGROUND, key(task), TaskRow.of(task)));
  }

  @Override
  public List<Task> owed(String kind) {
    String prefix = OWED + kind + "/";
    return database.read(
        reader -> {
          List<Task> found = new ArrayList<>();
          reader.each(
              Family.BACKGROUND,
              prefix,
              (key, value) -> {
                if (!key.startsWith(prefix)) {
                  return false;
                }
                try {
                  found.add(
                      Rows.read(value, TaskRow.class).task(kind, key.substring(prefix.length())));
                } catch (CatalogException e) {
                  log.error("work in the background is lost: the row {} cannot be read", key, e);
                }
                return true;
              });
          return found;
        });
  }

  /** Whether this very work is still owed. */
  private static boolean isOwed(Reader reader, Task task) throws RocksDBException {
    TaskRow row = reader.row(Family.BACKGROUND, key(task), TaskRow.class);
    return row != null && task.text().equals(row.text());
  }

  @Override
  public void count(Task task) {
    database.change(
        false,
        session -> {
          if (isOwed(session, task)) {
            session.put(Family.BACKGROUND, key(task), TaskRow.of(task));
          }
        });
  }

  @Override
  public void settle(Task task) {
    database.change(
        false,
        session -> {
          if (isOwed(session, task)) {
            session.delete(Family.BACKGROUND, key(task));
          }
        });
  }
}
