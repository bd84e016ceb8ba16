package dev.murmuration.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RunStateTest {

    private final RunState notOpen = new RunState.NotOpen();

    @Test
    void endsAtOnceWhereTheStopCameBeforeTheRunWasOpen() {
        RunState stopped = RunState.stopped(notOpen);

        assertThat(stopped.isEnding()).isTrue();
        assertThat(RunState.stopped(stopped)).isEqualTo(stopped);
        assertThat(stopped.open()).isEmpty();
    }

    @Test
    void doesNotEndBeforeItIsToldTo() {
        assertThat(notOpen.isEnding()).isFalse();
        assertThat(notOpen.open()).isEmpty();
        assertThat(RunState.failed(notOpen)).isEqualTo(notOpen);
    }
}
