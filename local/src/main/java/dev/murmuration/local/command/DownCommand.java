package dev.murmuration.local.command;

import dev.murmuration.local.launch.RunFolder;
import dev.murmuration.local.launch.Shutdown;
import dev.murmuration.local.platform.Installation;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** `./murmuration down`. */
@Command(
        name = "down",
        mixinStandardHelpOptions = true,
        description = "Ends every process that `up` or `demo` started, also after a crash of one of them.",
        footer = {"", "The data under run/ stays; './murmuration up' continues from it."})
public final class DownCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Installation installed = Installation.find();
        boolean any = false;
        for (RunFolder run : List.of(RunFolder.up(installed.root()), RunFolder.demo(installed.root()))) {
            List<String> ended = new Shutdown(run).all();
            if (!ended.isEmpty()) {
                any = true;
                out.println("ended in " + run.folder() + ": " + String.join(", ", ended));
            }
        }
        if (!any) {
            out.println("nothing is running");
        }
        out.flush();
        return 0;
    }
}
