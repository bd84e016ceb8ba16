/* The packer: from offsets of labelled-images to shards, exactly once. README.md maps each step to a method.
 *
 * One partition with RECORDS samples and then the marker of the end of the feed. Two workers, which either have one name (a zombie
 * and its successor) or two (replicas); each can crash before any step, be rebalanced, or be taken for dead while it works on.
 * A redaction removes the first sample from the shard that contains it. Mutations are the macros in capitals that no one defines.
 */

#ifndef RECORDS
#define RECORDS 3
#endif
#ifndef CRASHES
#define CRASHES 1
#endif
#ifndef RESTARTS
#define RESTARTS 1
#endif
#ifndef REBALANCES
#define REBALANCES 2
#endif
#define MAX_SAMPLES 2           /* a shard is cut when it has so many */
#define END RECORDS             /* offset of the marker */
#define NOBODY 255
#define MOVES (rebalances < REBALANCES && !feedEnded)

/* The broker: group, transactional ids, and what is committed. */
byte committed;                 /* offset of the group */
byte generation;                /* of the group */
byte owner = NOBODY;            /* of the partition */
byte epoch[2];                  /* by transactional id */
bool isPending[2];              /* an open transaction has sent offsets, by transactional id */
byte shardNext[RECORDS];        /* committed shard events, by first offset: the offset after the last; 0 for none */
bool isRewritten[RECORDS];      /* a later event replaces this shard */
byte timesInShards[RECORDS];    /* how many committed shards that are not replaced contain the sample */
bool feedEnded;                 /* the marker is on shards */
bool isRedacted;                /* the first sample was removed */

/* The object store: bit n of objects[f] is the tar of the samples f to n - 1. */
byte objects[RECORDS];
bool rewrittenObject[RECORDS];

/* The workers. */
byte name[2];
byte member[2];                 /* generation that the consumer is in; 0 for none */
byte takenAwayIn[2];
byte position[2];
bool isRunning[2];
byte restarts;
byte crashes;
byte rebalances;

/* Invariants. */
bool aShardHasItsObject = true;
bool eachOffsetIsInExactlyOneShard = true;
bool theFeedEndsAfterItsLastShard = true;
bool redactedSamplesAreGone = true;

hidden byte i;                   /* counts; 0 outside of atomic steps */

inline check() {
    i = 0;
    do
    :: i < RECORDS ->
        if
        :: shardNext[i] != 0 && !isRewritten[i] && !(objects[i] & (1 << shardNext[i])) -> aShardHasItsObject = false
        :: shardNext[i] != 0 && isRewritten[i] && !rewrittenObject[i] -> aShardHasItsObject = false
        :: else
        fi;
        if
        :: timesInShards[i] > 1 -> eachOffsetIsInExactlyOneShard = false
        :: i < committed && timesInShards[i] == 0 && !(i == 0 && isRedacted) -> eachOffsetIsInExactlyOneShard = false
        :: else
        fi;
        if
        :: feedEnded && timesInShards[i] == 0 && !(i == 0 && isRedacted) -> theFeedEndsAfterItsLastShard = false
        :: else
        fi;
        i++
    :: else -> break
    od;
    i = 0;
    if
    :: isRedacted && timesInShards[0] != 0 -> redactedSamplesAreGone = false
    :: else
    fi;
    assert(aShardHasItsObject);
    assert(eachOffsetIsInExactlyOneShard);
    assert(theFeedEndsAfterItsLastShard);
    assert(redactedSamplesAreGone)
}

/* What a committed transaction makes visible. */
inline appear(first, next) {
    i = first;
    do
    :: i < next && i < END -> timesInShards[i]++; i++
    :: else -> break
    od;
    i = 0;
    if
    :: first < END -> shardNext[first] = (next < END -> next : END)
    :: else
    fi;
    if
    :: next == END + 1 -> feedEnded = true
    :: else
    fi
}

inline store(first, next) {
    if
    :: first < END ->
#ifdef KEY_WITHOUT_HASH
        objects[first] = 1 << (next < END -> next : END)
#else
        objects[first] = objects[first] | (1 << (next < END -> next : END))
#endif
    :: else
    fi
}

/* No transaction has offsets that may still be committed: the broker answers a fetch of offsets only then. */
#ifdef UNSTABLE_OFFSETS
#define STABLE true
#else
#define STABLE (!isPending[0] && !isPending[1])
#endif

inline join(w) {
    generation++;
    owner = w;
    takenAwayIn[w] = member[w];
    member[w] = generation;
    position[w] = committed
}

proctype Worker(byte me) {
    byte myEpoch;
    byte first = NOBODY;        /* of what is open; NOBODY if nothing is */
    byte next;
    byte readIn;
    byte metadata;
    bool holds;

start:
    atomic {
        first = NOBODY; next = 0; readIn = 0; metadata = 0; holds = false;
        /* ShardPacker.start: Transactions.open, before anything is read. */
        epoch[name[me]]++; myEpoch = epoch[name[me]]; isPending[name[me]] = false;
        isRunning[me] = true;
    }
    atomic { STABLE -> join(me) }

work:
    do
    :: atomic { crashes < CRASHES -> crashes++; goto crash }
    :: atomic {                 /* ChannelDriver.process, ShardPacker.process, ShardBuilder.pack */
           member[me] > takenAwayIn[me] && position[me] <= END ->
#ifndef KEEP_AFTER_REBALANCE
           if                   /* ChannelDriver.dropLost */
           :: first != NOBODY && readIn <= takenAwayIn[me] -> first = NOBODY; next = 0
           :: else
           fi;
#endif
           readIn = member[me];
           if
           :: first == NOBODY -> first = position[me]
           :: else
           fi;
           position[me]++;
           next = position[me];
#ifdef MARKER_APART
           if
           :: next == END + 1 -> feedEnded = true; check()
           :: else
           fi;
#endif
           if
           :: next == END + 1 || next - first >= MAX_SAMPLES -> goto seal
           :: else
           fi
       }
    :: atomic { first != NOBODY -> goto seal }          /* ShardBuilder.cutIdle */
    :: atomic { feedEnded -> isRunning[me] = false; goto done }
    od;

seal:
    /* ShardSealer.seal */
#ifndef UPLOAD_AFTER_COMMIT
    atomic {
        if
        :: crashes < CRASHES -> crashes++; goto crash
        :: store(first, next)
        fi
    }
#endif
    /* ChannelDriver.commit */
#ifdef CHECK_BEFORE_LOOKUP
    holds = readIn > takenAwayIn[me];
    metadata = member[me];
#else
    metadata = member[me];
    holds = readIn > takenAwayIn[me];
#endif
    if
    :: !holds -> atomic { first = NOBODY; next = 0; metadata = 0; holds = false; goto work }
    :: else
    fi;
    /* KafkaTransaction.commit: sendOffsetsToTransaction */
    atomic {
        if
        :: crashes < CRASHES -> crashes++; goto crash
#ifndef NO_GENERATION
        :: metadata != generation -> goto crash         /* the broker refuses; Fatal */
        :: metadata == generation && epoch[name[me]] != myEpoch -> goto crash
        :: metadata == generation && epoch[name[me]] == myEpoch ->
#else
        :: epoch[name[me]] != myEpoch -> goto crash
        :: epoch[name[me]] == myEpoch ->
#endif
           isPending[name[me]] = true
        fi
    }
    /* commitTransaction */
    atomic {
        if
        :: crashes < CRASHES -> crashes++; goto crash
        :: epoch[name[me]] != myEpoch -> goto crash     /* fenced, or rolled back by the broker */
        :: epoch[name[me]] == myEpoch ->
           appear(first, next);
           isPending[name[me]] = false;
#ifndef OFFSETS_APART
           committed = next;
#endif
           check()
        fi
    }
#ifdef OFFSETS_APART
    atomic {
        if
        :: crashes < CRASHES -> crashes++; goto crash
        :: metadata != generation -> goto crash
        :: metadata == generation -> committed = next; check()
        fi
    }
#endif
#ifdef UPLOAD_AFTER_COMMIT
    store(first, next);
#endif
    atomic { first = NOBODY; next = 0; metadata = 0; holds = false; goto work }

crash:
    atomic {
        isRunning[me] = false;
        first = NOBODY; next = 0; readIn = 0; metadata = 0; holds = false; myEpoch = 0;
        takenAwayIn[me] = 0; member[me] = 0; position[me] = 0;
    }
    /* A supervisor starts it again. */
    if
    :: atomic { restarts < RESTARTS -> restarts++; goto start }
    :: restarts >= RESTARTS || feedEnded
    fi;
done:
    skip
}

/* The group's rebalances, on the polling threads: they come at any moment of the work. */
proctype Group() {
    do
    /* The partition goes to a worker. The one that had it hears of that at its next poll, or never. */
    :: atomic { MOVES && member[0] != 0 && STABLE -> rebalances++; join(0) }
    :: atomic { MOVES && member[1] != 0 && STABLE -> rebalances++; join(1) }
    /* Another member joins, and the partition stays. */
    :: atomic { MOVES && owner == 0 && member[0] != 0 -> rebalances++; generation++; member[0] = generation }
    :: atomic { MOVES && owner == 1 && member[1] != 0 -> rebalances++; generation++; member[1] = generation }
    /* A worker hears that it has lost the partition: Assignments.onPartitionsLost. */
    :: atomic { owner == 1 && takenAwayIn[0] < member[0] -> takenAwayIn[0] = member[0] }
    :: atomic { owner == 0 && takenAwayIn[1] < member[1] -> takenAwayIn[1] = member[1] }
    /* The owner is dead: the other one gets the partition. */
    :: atomic { owner == 0 && !isRunning[0] && member[1] != 0 && STABLE -> join(1) }
    :: atomic { owner == 1 && !isRunning[1] && member[0] != 0 && STABLE -> join(0) }
    :: feedEnded -> break
    od
}

/* `redact`: ShardRedaction.run. It may be killed between any two steps, and starts again. */
proctype Redaction() {
    byte f;
    bool isTried;
    do
    :: atomic {
           !isRedacted && shardNext[0] != 0 -> f = 0;
           rewrittenObject[f] = true                    /* uploads the new shard */
       }
#ifdef DELETE_BEFORE_COMMIT
       atomic { objects[f] = objects[f] & ~(1 << shardNext[f]); check() }
#endif
       if
       :: !isTried -> isTried = true                    /* killed */
       :: atomic {
              isRewritten[f] = true; timesInShards[0] = 0; isRedacted = true;
              check()                                   /* one transaction: the event that replaces, and the rejection */
          }
          if
          :: atomic { objects[f] = objects[f] & ~(1 << shardNext[f]); check() }  /* deletes the old shard */
          :: skip                                       /* killed: an object that nothing refers to */
          fi;
          break
       fi
    :: feedEnded && shardNext[0] == 0 -> break
    od
}

/* The broker rolls back a transaction that is open for too long, and fences its producer. */
proctype TransactionTimeout() {
    if
    :: atomic { isPending[0] -> isPending[0] = false; epoch[0]++ }
    :: atomic { isPending[1] -> isPending[1] = false; epoch[1]++ }
    :: feedEnded
    fi
}

init {
    atomic {
        if
        :: name[1] = 0
        :: name[1] = 1
        fi;
#ifdef REDACTION
        run Redaction();
#endif
#ifndef ALONE
        run Worker(1);
#endif
        #ifdef TIMEOUT
        run TransactionTimeout();
#endif
        run Worker(0); run Group()
    }
#ifdef ALONE
    /* When nothing more can happen, everything has arrived. */
    timeout;
    assert(feedEnded)
#endif
}
