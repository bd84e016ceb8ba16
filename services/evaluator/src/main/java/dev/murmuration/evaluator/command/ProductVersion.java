package dev.murmuration.evaluator.command;

import dev.murmuration.cluster.Version;
import picocli.CommandLine.IVersionProvider;

/** What `--version` prints. */
final class ProductVersion implements IVersionProvider {

    @Override
    public String[] getVersion() {
        return Version.lines().toArray(String[]::new);
    }
}
