/**
 * One way to commit: batches from a channel, a stage's decisions about them, and one Kafka transaction for what is sent and how
 * far was read.
 */
@NullMarked
package dev.murmuration.stage.commit;

import org.jspecify.annotations.NullMarked;
