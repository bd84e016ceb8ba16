package dev.murmuration.local.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A program for the tests of supervision: writes its process id into a folder, then lives until it is ended, or ends as it is told. */
public final class Sleeper {

    private Sleeper() {}

    public static void main(String[] args) throws Exception {
        long pid = ProcessHandle.current().pid();
        Files.writeString(Path.of(args[0], Long.toString(pid)), "");
        if (args.length > 1) {
            System.err.println("sleeper: told to end with " + args[1]);
            System.exit(Integer.parseInt(args[1]));
        }
        new CountDownLatch(1).await();
    }
}
