/* The trainer: checkpoints that cover what was learned. README.md maps each step to a method.
 *
 * The topic shards: two shards of two samples, the shard that replaces the first one after a redaction, which has only the first of
 * its samples, and the marker of the end. Two processes with one name, a zombie and its successor; each can crash before any step.
 * Bit 2 s + k of a set of samples is sample k of shard s.
 */

#ifndef CRASHES
#define CRASHES 2
#endif
#define REPLACEMENT 2           /* offset of the shard that replaces the first one */
#define END 3                   /* offset of the marker */
#define KEPT 13                 /* all samples but the one that was redacted */

/* The broker. */
byte epoch;                     /* of the one transactional id */
byte groupOffset;               /* for lag alone */
/* The newest checkpoint's event with what its object contains. */
byte savedStep;
byte savedSamples;
byte savedOffset;
byte savedInside;               /* samples of the shard at the offset that were learned */
byte savedPart;                 /* samples of the awaited shard that were learned */
bool savedAwaits;
bool isThere = true;            /* its object is in the store; true for the empty start */
bool feedEnded;                 /* the marker is on checkpoints */
bool firstIsDeleted;            /* the redaction has deleted the first shard */
byte crashes;
byte resets;

bool noSampleIsLearnedTwice = true;
bool aCheckpointCoversItsOffsets = true;
bool theNewestCheckpointHasItsObject = true;
bool stepsIncrease = true;
bool theEndCoversEverySample = true;

inline check() {
    if
    :: !isThere -> theNewestCheckpointHasItsObject = false
    :: else
    fi;
    /* Without the redaction: exactly the samples before the position. */
    if
    :: !savedAwaits && !firstIsDeleted && savedSamples != ((1 << (2 * (savedOffset < 2 -> savedOffset : 2) + savedInside)) - 1) ->
        aCheckpointCoversItsOffsets = false
    :: else
    fi;
    if
    :: feedEnded && (savedSamples & KEPT) != KEPT -> theEndCoversEverySample = false
    :: else
    fi;
    assert(noSampleIsLearnedTwice);
    assert(aCheckpointCoversItsOffsets);
    assert(theNewestCheckpointHasItsObject);
    assert(stepsIncrease);
    assert(theEndCoversEverySample)
}

#define CRASH crashes < CRASHES -> crashes++; goto start

inline learn(sample) {
    if
    :: samples & (1 << (sample)) -> twice = true
    :: else
    fi;
    samples = samples | (1 << (sample));
    step++
}

proctype Trainer() {
    byte myEpoch;
    byte step;                  /* the run in memory */
    byte samples;
    byte offset;
    byte inside;
    bool awaits;
    byte part;                  /* samples of the awaited shard that were learned, as a set */
    bool twice;                 /* a sample was learned twice since the empty start */
    bool opened;                /* the first shard's samples are in memory */

start:
    atomic {
        step = 0; samples = 0; offset = 0; inside = 0; awaits = false; part = 0; twice = false; opened = false; myEpoch = 0;
        if
        :: feedEnded -> goto done
        :: else
        fi
    }
    /* Trainer.open: driver.open fences off an earlier process. */
    atomic {
#ifndef NO_FENCE
        epoch++;
#endif
        myEpoch = epoch
    }
    /* RunFactory.open: the newest checkpoint's event, and its object. */
    atomic {
        step = savedStep; samples = savedSamples; awaits = savedAwaits; part = savedPart;
#ifdef GROUP_OFFSET
        offset = groupOffset; inside = 0;
#else
        offset = savedOffset; inside = savedInside;
#endif
#ifdef OFFSET_ALONE
        inside = 0;
#endif
    }

train:
    do
    :: atomic { CRASH }
    /* Trainer.learn, TrainingRun.learn: a step at a time. */
    :: atomic { offset == 0 && !firstIsDeleted && !opened -> opened = true }
    :: atomic {
           offset == 0 && opened -> learn(inside);
#ifdef NO_STEP_LOCK
           if
           :: goto checkpoint                           /* between the weights' step and the position's */
           :: skip
           fi;
#endif
           inside++;
           if
           :: inside == 2 -> offset = 1; inside = 0; opened = false
           :: else
           fi
       }
    /* Fetched.Missing: a later shard replaces it; TrainingRun.await. */
    :: atomic {
           offset == 0 && firstIsDeleted && !opened ->
#ifndef NO_AWAIT
           awaits = true;
#endif
#ifndef FORGETS_THE_PART
           part = (1 << inside) - 1;                    /* RecordProgress.await */
#endif
           offset = 1; inside = 0
       }
    :: atomic {
           offset == 1 -> learn(2 + inside); inside++;
           if
           :: inside == 2 -> offset = REPLACEMENT; inside = 0
           :: else
           fi
       }
    /* ReplacedShard: learned only if the older one was not. */
    :: atomic {
           offset == REPLACEMENT ->
#ifdef NO_SKIP
           learn(0);
#else
           if
           :: awaits && (part & 1) -> awaits = false    /* RecordProgress.continueWith */
           :: awaits && !(part & 1) -> learn(0); awaits = false
           :: else
           fi;
#endif
           offset = END
       }
    /* CheckpointTimer, or a stop: between two steps (StepLock). */
    :: atomic { step > savedStep || offset == END -> goto checkpoint }
    od;

checkpoint:
    /* CheckpointStore.put: the object first. */
    atomic {
        if
        :: CRASH
        :: epoch == myEpoch || epoch != myEpoch
        fi
    }
#ifdef DELETE_OLD_FIRST
    atomic { isThere = (savedStep == 0); check() }
#endif
    /* Trainer.checkpoint: event, marker and offset in one transaction. */
    atomic {
        if
        :: CRASH
        :: epoch != myEpoch -> goto done                /* fenced: Fatal */
        :: epoch == myEpoch
        fi
    }
    atomic {
        if
        :: CRASH
        :: epoch != myEpoch -> goto done
        :: epoch == myEpoch ->
           if
           :: twice -> noSampleIsLearnedTwice = false
           :: else
           fi;
           if
           :: step < savedStep -> stepsIncrease = false
           :: else
           fi;
           savedStep = step; savedSamples = samples; savedOffset = offset; savedInside = inside; savedAwaits = awaits; savedPart = part;
           groupOffset = offset;
#ifdef EVENT_FIRST
           isThere = false;
#else
           isThere = true;
#endif
           if
           :: offset == END -> feedEnded = true
           :: else
           fi;
           check()
        fi
    }
#ifdef EVENT_FIRST
    isThere = true;
#endif
#ifdef NO_STEP_LOCK
    goto start;                                         /* the process stopped */
#endif
    if
    :: feedEnded
    :: else -> goto train
    fi;
done:
    skip
}

/* `redact` deletes the first shard, after the event of the one that replaces it was committed. */
proctype Redaction() {
    if
    :: atomic { true -> firstIsDeleted = true }
    :: feedEnded
    fi
}

/* An operator resets the offset of the group. */
proctype Operator() {
    if
    :: atomic { groupOffset > 0 -> groupOffset = 0 }
    :: feedEnded
    fi
}

init {
    atomic { run Trainer(); run Trainer(); run Redaction(); run Operator() }
    /* When nothing more can happen, the end has arrived. */
    timeout;
    assert(feedEnded)
}
