package dev.pictj.adopt;

import dev.pictj.adopt.OldServer.Fetched;
import dev.pictj.adopt.Report.Outcome;
import dev.pictj.store.ContentHash;
import dev.pictj.store.TempFile;
import dev.pictj.store.TempFolder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Moves all names and their pictures. What is there already is not fetched. */
public final class Move {
  private final Rules rules;
  private final OldServer old;
  private final NewServer target;
  private final Tokens tokens;
  private final Report report;
  private final TempFolder temporary;
  private final AtomicInteger awayInRow = new AtomicInteger();
  private final AtomicLong names = new AtomicLong();
  private final AtomicLong newTokens = new AtomicLong();
  private final AtomicLong odd = new AtomicLong();
  private final Map<Outcome, LongAdder> outcomes = new EnumMap<>(Outcome.class);

  /**
   * Limits and times of requests to both servers.
   *
   * @param parallel pictures at a time
   * @param timeout of one exchange
   * @param retries how often a server that is busy or away is asked again
   * @param pause before that, where it does not say how long; twice as long each time
   * @param giveUp how many pictures in a row may fail for a server that is busy or away
   */
  public record Rules(int parallel, Duration timeout, int retries, Duration pause, int giveUp) {}

  /**
   * The servers, and what is to be moved.
   *
   * @param names one a line; empty for all that the old server tells
   * @param tokens a table of names and delete tokens
   * @param repo has the tokens of names that are not in that table
   * @param trust says which servers to trust; those that Java trusts when empty
   * @param report is written, and gone on with
   * @param folder for what is on its way
   */
  public record Task(
      URI from,
      Optional<String> fromKey,
      URI to,
      String toKey,
      Optional<BufferedReader> names,
      Optional<Reader> tokens,
      Optional<PostgresRepo> repo,
      Optional<SSLContext> trust,
      Path report,
      Path folder) {}

  /**
   * The outcome of a move, in numbers of names.
   *
   * @param names all
   * @param moved on the new server now
   * @param there on it before
   * @param taken there by other pictures
   * @param missing on the old server
   * @param deleted on the new server
   * @param failed for another reason
   * @param newTokens names with a new delete token, which the report tells
   * @param odd names of which the report has something to say although they were moved
   */
  public record Summary(
      long names,
      long moved,
      long there,
      long taken,
      long missing,
      long deleted,
      long failed,
      long newTokens,
      long odd) {
    /** Whether nothing is left behind. */
    public boolean complete() {
      return taken + missing + failed == 0;
    }
  }

  private Move(
      Rules rules,
      OldServer old,
      NewServer target,
      Tokens tokens,
      Report report,
      TempFolder temporary) {
    this.rules = rules;
    this.old = old;
    this.target = target;
    this.tokens = tokens;
    this.report = report;
    this.temporary = temporary;
    for (Outcome outcome : Outcome.values()) {
      outcomes.put(outcome, new LongAdder());
    }
  }

  /** Shows how many names are done. */
  public interface Progress extends LongConsumer, AutoCloseable {
    @Override
    void close();
  }

  /**
   * Moves all items of the list.
   *
   * @param progress is asked for one when it is known how many names there are
   * @throws IOException when it cannot go on, in words for the administrator; begun anew it goes on
   *     where it was
   */
  public static Summary run(Task task, Rules rules, LongFunction<? extends Progress> progress)
      throws IOException, InterruptedException {
    return run(task, rules, progress, Pauses.Ticker.SYSTEM);
  }

  static Summary run(
      Task task, Rules rules, LongFunction<? extends Progress> progress, Pauses.Ticker ticker)
      throws IOException, InterruptedException {
    Tokens tokens = task.tokens().isPresent() ? Tokens.read(task.tokens().get()) : Tokens.NONE;
    if (task.repo().isPresent()) {
      tokens = tokens.or(Tokens.read(task.repo().get(), rules.timeout()));
    }
    Server.Rules asked = new Server.Rules(rules.timeout(), rules.retries(), rules.pause());
    try (Server from = new Server(task.from(), asked, task.trust(), ticker);
        Server to = new Server(task.to(), asked, task.trust(), ticker);
        Report report = Report.open(task.report())) {
      OldServer old = new OldServer(from, task.fromKey());
      TempFolder temporary = TempFolder.open(task.folder());
      Path file = temporary.path().resolve("listing");
      Listing listing =
          task.names().isPresent() ? Listing.of(task.names().get(), file) : Listing.of(old, file);
      Move move = new Move(rules, old, new NewServer(to, task.toKey()), tokens, report, temporary);
      try (Progress shown = progress.apply(listing.names())) {
        return move.all(listing, shown);
      }
    }
  }

  private Summary all(Listing listing, LongConsumer progress)
      throws IOException, InterruptedException {
    try (Listing.Items items = listing.open();
        ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < rules.parallel(); i++) {
        running.add(
            workers.submit(
                () -> {
                  work(items, progress);
                  return true;
                }));
      }
      try {
        for (Future<?> one : running) {
          one.get();
        }
      } catch (ExecutionException e) {
        if (e.getCause() instanceof Error error) {
          throw error;
        }
        throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
      } finally {
        workers.shutdownNow();
      }
    }
    return new Summary(
        listing.names(),
        count(Outcome.MOVED),
        count(Outcome.THERE),
        count(Outcome.TAKEN),
        count(Outcome.MISSING),
        count(Outcome.DELETED),
        count(Outcome.FAILED),
        newTokens.get(),
        odd.get());
  }

  private long count(Outcome outcome) {
    return Objects.requireNonNull(outcomes.get(outcome)).sum();
  }

  private void work(Listing.Items items, LongConsumer progress)
      throws IOException, InterruptedException {
    for (Item item = next(items); item != null; item = next(items)) {
      Moving moving = new Moving(item);
      try {
        moving.run();
        awayInRow.set(0);
      } catch (AwayException e) {
        String why = String.valueOf(e.getMessage());
        if (awayInRow.incrementAndGet() >= rules.giveUp()) {
          throw new IOException(why + "; call it again to go on when that is over", e);
        }
        moving.failed(why);
      }
      progress.accept(names.addAndGet(item.aliases().size()));
    }
  }

  private static @Nullable Item next(Listing.Items items) throws IOException {
    synchronized (items) {
      return items.next();
    }
  }

  /** One picture on its way. */
  private final class Moving {
    private final Item item;

    /** Names of the picture that are not reported yet. */
    private final Set<String> left;

    Moving(Item item) {
      this.item = item;
      this.left = new LinkedHashSet<>(item.aliases());
    }

    /** Its server was away: the rest of its names did not come through. */
    void failed(String why) throws IOException {
      for (String alias : List.copyOf(left)) {
        done(alias, Outcome.FAILED, item.content(), Optional.empty(), why);
      }
    }

    void run() throws IOException, InterruptedException {
      Optional<Content> told = item.content().or(() -> report.known(item.aliases().getFirst()));
      List<String> wanted =
          told.isPresent() ? named(item.aliases(), told.get(), "") : item.aliases();
      if (wanted.isEmpty()) {
        return;
      }
      try (TempFile file = temporary.next("moved")) {
        for (int i = 0; i < wanted.size(); i++) {
          String alias = wanted.get(i);
          Fetched fetched = old.fetch(alias, file.path());
          if (fetched.status() == 200) {
            bring(wanted.subList(i, wanted.size()), fetched, file.path());
            return;
          }
          done(
              alias,
              isGone(fetched.status()) ? Outcome.MISSING : Outcome.FAILED,
              item.content(),
              Optional.empty(),
              "the old server answers " + fetched.said());
        }
      }
    }

    private static boolean isGone(int status) {
      return status == 404 || status == 410;
    }

    /** Gives a picture names, and returns those for which its bytes are needed. */
    private List<String> named(List<String> aliases, Content content, String note)
        throws IOException, InterruptedException {
      List<String> wanted = new ArrayList<>();
      for (String alias : aliases) {
        NewServer.Reply reply = target.name(alias, content, tokens.of(alias));
        if (reply.outcome().equals("wanted")) {
          wanted.add(alias);
        } else {
          done(alias, content, reply, note);
        }
      }
      return wanted;
    }

    private void bring(List<String> aliases, Fetched fetched, Path file)
        throws IOException, InterruptedException {
      Content content = content(file);
      String note = "";
      if (item.content().isPresent() && !item.content().get().equals(content)) {
        // Bytes that were damaged on their way differ from those of another try.
        Fetched again = old.fetch(aliases.getFirst(), file);
        Content second = content(file);
        if (again.status() != 200
            || !(second.equals(content) || second.equals(item.content().get()))) {
          for (String alias : aliases) {
            done(
                alias,
                Outcome.FAILED,
                item.content(),
                Optional.empty(),
                "the old server sends other bytes each time");
          }
          return;
        }
        content = second;
        if (!content.equals(item.content().get())) {
          note =
              "the old server sends other bytes than it lists, %s".formatted(item.content().get());
        }
      }
      List<String> wanted =
          item.content().filter(content::equals).isPresent()
              ? aliases
              : named(aliases, content, note);
      if (wanted.isEmpty()) {
        return;
      }
      Map<String, String> details = new LinkedHashMap<>(fetched.details());
      details.putAll(item.details());
      String first = wanted.getFirst();
      NewServer.Reply reply = target.store(first, content, tokens.of(first), details, file);
      if (reply.outcome().equals("refused") && !details.containsKey("width")) {
        details.putAll(old.details(first));
        reply = target.store(first, content, tokens.of(first), details, file);
      }
      done(first, content, reply, note);
      List<String> rest = wanted.subList(1, wanted.size());
      for (String alias : named(rest, content, note)) {
        done(
            alias,
            Outcome.FAILED,
            Optional.of(content),
            Optional.empty(),
            reply.note().orElse("the new server has lost its bytes again"));
      }
    }

    private static Content content(Path file) throws IOException {
      return new Content(ContentHash.of(file), Files.size(file));
    }

    private void done(String alias, Content content, NewServer.Reply reply, String note)
        throws IOException {
      Outcome outcome =
          switch (reply.outcome()) {
            case "stored", "named" -> Outcome.MOVED;
            case "there" -> Outcome.THERE;
            case "taken" -> Outcome.TAKEN;
            case "deleted" -> Outcome.DELETED;
            default -> Outcome.FAILED;
          };
      String said =
          switch (outcome) {
            case TAKEN -> "the new server has another picture of this name";
            case DELETED -> "it was deleted on the new server";
            case FAILED -> "the new server answers " + reply.note().orElse(reply.outcome());
            default ->
                reply
                    .note()
                    .map(objection -> "the new server would refuse an upload of it: " + objection)
                    .orElse("");
          };
      String all = note.isEmpty() || said.isEmpty() ? note + said : note + "; " + said;
      boolean isNew = tokens.of(alias).isEmpty();
      done(
          alias,
          outcome,
          Optional.of(content),
          isNew ? reply.deleteToken() : Optional.empty(),
          all);
    }

    private void done(
        String alias,
        Outcome outcome,
        Optional<Content> content,
        Optional<String> newToken,
        String note)
        throws IOException {
      left.remove(alias);
      report.add(alias, outcome, content, newToken, Optional.of(note).filter(it -> !it.isEmpty()));
      Objects.requireNonNull(outcomes.get(outcome)).increment();
      if (newToken.isPresent()) {
        newTokens.incrementAndGet();
      }
      if ((outcome == Outcome.MOVED || outcome == Outcome.THERE) && !note.isEmpty()) {
        odd.incrementAndGet();
      }
    }
  }
}
