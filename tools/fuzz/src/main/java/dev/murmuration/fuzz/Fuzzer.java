package dev.murmuration.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * Runs a parser on mutated inputs. For each it must return a value or throw its documented exception, in bounded time and memory; anything
 * else ends the run, with the input saved in {@code target/fuzz}. Inputs that stop a parser at a line of its code where none stopped before
 * are mutated in turn, so that a run gets past the first checks. In the suite each parser gets some thousand inputs from a fixed seed;
 * {@code -Dfuzz.seconds=600} gives each that much time and another seed.
 */
public final class Fuzzer {

    private static final int RUNS = 1_000;
    /** For a parser that waits: on a busy machine, the clock on the wall says little about one that computes. */
    private static final Duration MOST_TIME = Duration.ofMinutes(5);

    private static final int FRAMES = 6;
    private static final int MOST_INPUTS = 4_000;
    private static final long MOST_ALLOCATED = 64L << 20;
    private static final long MOST_ALLOCATED_PER_BYTE = 4_096;
    private static final Path FAILURES = Path.of("target", "fuzz");

    private final String name;
    private final List<byte[]> inputs;
    private final List<byte[]> tokens = new ArrayList<>();
    private final long seed;
    private Duration mostProcessorTime = Duration.ofSeconds(20);

    private Fuzzer(String name, List<byte[]> inputs, long seed) {
        this.name = name;
        this.inputs = new ArrayList<>(inputs);
        this.seed = seed;
    }

    /** Reads an input to a value, or throws. */
    @FunctionalInterface
    public interface Parser {
        /** Takes one input. */
        void parse(byte[] input) throws Exception;
    }

    /**
     * How a run went.
     *
     * @param inputs number of inputs
     * @param refused number of inputs that caused the documented exception
     * @param ways number of places in the code where an input stopped
     */
    public record Outcome(long inputs, long refused, int ways) {}

    /**
     * Prepares a run.
     *
     * @param name of the parser, for messages and files
     * @param inputs valid inputs, at least one
     */
    public static Fuzzer of(String name, List<byte[]> inputs) {
        if (inputs.isEmpty()) {
            throw new IllegalArgumentException("no input to mutate");
        }
        return new Fuzzer(name, inputs, 1);
    }

    /** As above, with the contents of these files. */
    public static Fuzzer ofFiles(String name, List<Path> files) throws IOException {
        List<byte[]> inputs = new ArrayList<>();
        for (Path file : files) {
            inputs.add(Files.readAllBytes(file));
        }
        return of(name, inputs);
    }

    /** Adds building blocks of the format, such as its keywords. */
    public Fuzzer tokens(String... pieces) {
        Stream.of(pieces)
                .map(piece -> piece.getBytes(StandardCharsets.ISO_8859_1))
                .forEach(tokens::add);
        return this;
    }

    /** Sets the maximum processor time for one input, 20 s by default. */
    Fuzzer within(Duration mostProcessorTime) {
        this.mostProcessorTime = mostProcessorTime;
        return this;
    }

    /**
     * Runs.
     *
     * @param documented the exception that the parser may throw
     * @throws AssertionError naming the input with any other outcome
     */
    public Outcome run(Class<? extends Exception> documented, Parser parser) {
        Duration time = Duration.ofSeconds(Long.getLong("fuzz.seconds", 0));
        Random random = new Random(time.isZero() ? seed : System.nanoTime());
        Mutation mutation = new Mutation(random, tokens);
        Set<Integer> ways = new HashSet<>();
        long began = System.nanoTime();
        long runs = 0;
        long refused = 0;
        // Not closed, which would wait for a parser that never ends.
        ExecutorService thread = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("fuzz-" + name).factory());
        try {
            while (time.isZero() ? runs < RUNS : System.nanoTime() - began < time.toNanos()) {
                byte[] input = runs < inputs.size() && runs < RUNS / 2
                        ? inputs.get((int) runs)
                        : mutation.of(
                                inputs.get(random.nextInt(inputs.size())), inputs.get(random.nextInt(inputs.size())));
                runs++;
                int way = answered(thread, parser, documented, input);
                refused += way == 0 ? 0 : 1;
                if (ways.add(way) && inputs.size() < MOST_INPUTS) {
                    inputs.add(input);
                }
            }
        } finally {
            thread.shutdownNow();
        }
        Outcome outcome = new Outcome(runs, refused, ways.size());
        if (!time.isZero()) {
            System.out.printf("%s in %s: %s%n", name, time, outcome);
        }
        return outcome;
    }

    /** Returns where the parser stopped: 0 for a value, otherwise a number for the line that refused. */
    private int answered(ExecutorService thread, Parser parser, Class<? extends Exception> documented, byte[] input) {
        long[] allocated = new long[1];
        ProcessorTime taken = new ProcessorTime();
        Future<?> answer = thread.submit(() -> {
            taken.start();
            long before = allocated();
            try {
                parser.parse(input);
            } finally {
                allocated[0] = allocated() - before;
            }
            return null;
        });
        int way = 0;
        try {
            await(answer, taken);
        } catch (TimeoutException e) {
            throw failure(
                    input,
                    "was not answered within %s of processor time or %s".formatted(mostProcessorTime, MOST_TIME),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        } catch (ExecutionException e) {
            way = way(input, documented, Objects.requireNonNull(e.getCause()));
        }
        if (allocated[0] > MOST_ALLOCATED + MOST_ALLOCATED_PER_BYTE * input.length) {
            throw failure(input, "took %d bytes of memory".formatted(allocated[0]), new IllegalStateException());
        }
        return way;
    }

    private void await(Future<?> answer, ProcessorTime taken)
            throws InterruptedException, ExecutionException, TimeoutException {
        long began = System.nanoTime();
        while (true) {
            try {
                answer.get(1, TimeUnit.SECONDS);
                return;
            } catch (TimeoutException e) {
                if (taken.isOver(mostProcessorTime) || System.nanoTime() - began > MOST_TIME.toNanos()) {
                    throw e;
                }
            }
        }
    }

    /** Processor time of the thread that started it, as seen from another thread. */
    private static final class ProcessorTime {

        private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

        private volatile long began;
        private volatile long thread;

        void start() {
            began = THREADS.getCurrentThreadCpuTime();
            thread = Thread.currentThread().threadId();
        }

        boolean isOver(Duration limit) {
            return thread != 0 && THREADS.getThreadCpuTime(thread) - began > limit.toNanos();
        }
    }

    private int way(byte[] input, Class<? extends Exception> documented, Throwable thrown) {
        if (!documented.isInstance(thrown)) {
            throw failure(input, "was answered with " + thrown, thrown);
        }
        if (String.valueOf(thrown.getMessage()).lines().count() > 1) {
            throw failure(input, "was answered with more than one line: " + thrown.getMessage(), thrown);
        }
        return way(thrown);
    }

    private static long allocated() {
        return ManagementFactory.getThreadMXBean() instanceof com.sun.management.ThreadMXBean threads
                ? threads.getCurrentThreadAllocatedBytes()
                : 0;
    }

    /** Hashes the lines of our code in the stack trace, including those of its causes. */
    private static int way(Throwable refusal) {
        int way = 1;
        for (Throwable each = refusal; each != null; each = each.getCause()) {
            way = 31 * way
                    + Arrays.stream(each.getStackTrace())
                            .filter(frame -> frame.getClassName().startsWith("dev.murmuration."))
                            .limit(FRAMES)
                            .map(StackTraceElement::toString)
                            .toList()
                            .hashCode();
        }
        return way == 0 ? 1 : way; // not | 1: two ways whose hashes differ in the last bit would be one
    }

    private AssertionError failure(byte[] input, String problem, Throwable cause) {
        try {
            Path file = Files.createDirectories(FAILURES)
                    .resolve("%s-%s".formatted(name, HexFormat.of().toHexDigits(Arrays.hashCode(input))));
            Files.write(file, input);
            return new AssertionError("%s: %s %s".formatted(name, file, problem), cause);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
