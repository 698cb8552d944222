using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using BenchmarkDotNet.Attributes;
using Fairlead.Bench.Memory;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Serialization;

namespace Fairlead.Bench.Micro;

/// <summary>One line of a watch to an object. Baseline: the same bytes to a <see cref="JsonNode"/>, of which nothing is read yet.</summary>
public class WatchEventDecoding
{
    private ReadOnlySequence<byte> _line;

    [GlobalSetup]
    public void Setup()
    {
        var service = SampleObjects.Service(1, "shop") with { Status = SampleObjects.Status(DateTimeOffset.UnixEpoch) };
        var json = Encoding.UTF8.GetString(ObjectCodec.Encode(KubernetesResources.Services, service).Span);
        _line = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes($"{{\"type\":\"MODIFIED\",\"object\":{json}}}"));
    }

    [Benchmark(Baseline = true)]
    public object? Node() => JsonNode.Parse(_line.FirstSpan)!["object"]!["metadata"];

    [Benchmark]
    public object? Typed() => WatchEventDecoder.Decode(KubernetesResources.Services, _line, "/api/v1/services");
}
