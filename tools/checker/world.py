"""What a pipeline holds, read from outside: committed records of every topic, and a way to the objects."""
import dataclasses, json, urllib.request
from typing import Any, Callable, Optional

TOPICS = "tweets scored-tweets labelled-images shards checkpoints accuracies rejections crawler-cursors".split()
SERVICES = "crawler teacher filter trainer evaluator".split()


@dataclasses.dataclass
class Record:
    """A committed record: value is what Avro says, None for a deletion; raw bytes in dead letters."""
    partition: int
    offset: int
    key: Optional[str]
    value: Any
    headers: dict = dataclasses.field(default_factory=dict)

    @property
    def is_end(self):
        return "end-of-feed" in self.headers

    @property
    def is_deletion(self):
        return self.value is None and not self.is_end


@dataclasses.dataclass
class World:
    """topics: name -> records, those of a partition in its order; fetch: an object's bytes by key, None if it is not there."""
    topics: dict
    fetch: Callable[[str], Optional[bytes]]

    def events(self, topic):
        return [r for r in self.topics.get(topic, []) if r.value is not None]

    def dead_letters(self, service):
        return self.topics.get(service + "-dead-letters", [])


class Registry:
    """Schemas by the id in Confluent's wire format."""

    def __init__(self, url):
        self.url, self.schemas = url.rstrip("/"), {}

    def decode(self, data):
        import fastavro, io
        if data[0] != 0:
            raise ValueError("not in Confluent's wire format")
        number = int.from_bytes(data[1:5], "big")
        if number not in self.schemas:
            with urllib.request.urlopen(f"{self.url}/schemas/ids/{number}") as answer:
                self.schemas[number] = fastavro.parse_schema(json.loads(json.load(answer)["schema"]))
        return fastavro.schemaless_reader(io.BytesIO(data[5:]), self.schemas[number])


def read_topic(servers, topic, decode):
    """Every committed record between the topic's begin and its end of now."""
    from confluent_kafka import Consumer, TopicPartition
    consumer = Consumer({"bootstrap.servers": servers, "group.id": "checker", "isolation.level": "read_committed", "enable.auto.commit": False,
                         "enable.partition.eof": True, "auto.offset.reset": "earliest"})
    try:
        found = consumer.list_topics(topic, timeout=30).topics[topic]
        if found.error is not None:
            return []
        consumer.assign([TopicPartition(topic, p, 0) for p in found.partitions])
        records, open_partitions = [], set(found.partitions)
        while open_partitions:
            message = consumer.poll(30)
            if message is None:
                raise TimeoutError(f"{topic}: no answer within 30 s")
            if message.error():
                if message.error().name() != "_PARTITION_EOF":
                    raise RuntimeError(f"{topic}: {message.error()}")
                open_partitions.discard(message.partition())
                continue
            headers = {name: value for name, value in message.headers() or []}
            key = None if message.key() is None else message.key().decode("utf-8", "replace")
            value = message.value()
            records.append(Record(message.partition(), message.offset(), key, None if value is None else decode(value), headers))
        return sorted(records, key=lambda r: (r.partition, r.offset))
    finally:
        consumer.close()


def read_world(servers, registry_url, store_url, bucket, access_key, secret_key):
    """The pipeline of this cluster, as of now."""
    import boto3
    from botocore.config import Config
    from botocore.exceptions import ClientError
    store = boto3.client("s3", endpoint_url=store_url, aws_access_key_id=access_key, aws_secret_access_key=secret_key,
                         region_name="us-east-1", config=Config(s3={"addressing_style": "path"}))

    def fetch(key):
        try:
            return store.get_object(Bucket=bucket, Key=key)["Body"].read()
        except ClientError as e:
            if e.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
                return None
            raise

    registry = Registry(registry_url)
    topics = {topic: read_topic(servers, topic, registry.decode) for topic in TOPICS}
    topics |= {f"{service}-dead-letters": read_topic(servers, f"{service}-dead-letters", bytes) for service in SERVICES}
    return World(topics, fetch)
