package dev.murmuration.deploy;

import java.util.ArrayList;
import java.util.List;

/**
 * What is wrong with a Dockerfile, each problem in one line: what cannot be seen without an engine, and once kept the images from running.
 */
final class DockerfileProblems {

    private static final String USER = "USER 10001:10001";

    private DockerfileProblems() {}

    static List<String> of(String dockerfile) {
        List<String> problems = new ArrayList<>();
        if (dockerfile.contains("syntax=")) {
            problems.add("every build asks Docker Hub for a frontend that the engine brings along");
        }
        String image = dockerfile.substring(dockerfile.lastIndexOf("\nFROM "));
        int user = image.indexOf("\n" + USER + "\n");
        if (user < 0 || image.indexOf("\nUSER ", user + 1) >= 0) {
            problems.add("runs as another user than " + USER);
        }
        boolean unpacks = dockerfile.contains("NativeLibraries unpack");
        int check = image.indexOf("NativeLibraries check");
        if (unpacks && check < 0) {
            problems.add("nobody tries the libraries that were unpacked");
        } else if (unpacks && check < user) {
            problems.add("the libraries are tried by another user than the one who needs them");
        }
        return problems;
    }
}
