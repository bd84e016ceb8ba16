package dev.murmuration.local.launch;

import dev.murmuration.local.process.PidFile;
import dev.murmuration.local.process.StartCache;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Ends what a run folder says is running: the launcher, which ends the rest, then whatever is left. */
public final class Shutdown {

    private static final Duration LAUNCHER_GRACE = StartCache.grace(Duration.ofSeconds(90));
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final RunFolder run;

    /** Ends what runs in this folder. */
    public Shutdown(RunFolder run) {
        this.run = run;
    }

    /** Ends everything; the names of what ran. */
    public List<String> all() {
        List<String> ended = new ArrayList<>();
        run.launcher().process().ifPresent(launcher -> {
            PidFile.in(run.pids()).stream()
                    .filter(file -> file.process().isPresent())
                    .map(PidFile::program)
                    .forEach(ended::add);
            end(launcher, LAUNCHER_GRACE);
            run.launcher().delete();
        });
        ended.addAll(leftovers());
        return ended;
    }

    /** Ends what a launcher left behind that was killed; the names of what ran. */
    public List<String> leftovers() {
        List<String> ended = new ArrayList<>();
        for (PidFile file : PidFile.in(run.pids())) {
            file.process().ifPresent(process -> {
                end(process, GRACE);
                ended.add(file.program());
            });
            file.delete();
        }
        return ended;
    }

    private static void end(ProcessHandle process, Duration grace) {
        process.destroy();
        try {
            process.onExit().get(grace.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            process.destroyForcibly();
            process.onExit().join();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        } catch (java.util.concurrent.ExecutionException e) {
            throw new CompletionException(e);
        }
    }
}
