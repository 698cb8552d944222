using System.Text.Json;
using System.Text.Json.Nodes;
using BenchmarkDotNet.Attributes;
using Fairlead.Operator.ServiceProxies;

namespace Fairlead.Bench.Micro;

/// <summary>
/// The plan of one new Service with all its objects built and serialised. Baseline: the same objects as texts, parsed, which
/// is the least a template engine would do.
/// </summary>
public class ServicePlanning
{
    private readonly ServiceSnapshot _snapshot = SampleProxy.Snapshot;
    private string[] _texts = [];

    [GlobalSetup]
    public void Setup() => _texts = [.. SampleProxy.Objects(ServiceProxyPlan.For(_snapshot)).Select(json => json.GetRawText())];

    [Benchmark(Baseline = true)]
    public int ParseTexts()
    {
        var members = 0;
        foreach (var text in _texts)
        {
            members += JsonNode.Parse(text)!.AsObject().Count;
        }

        return members;
    }

    [Benchmark]
    public IReadOnlyList<JsonElement> PlanAndRender() => SampleProxy.Objects(ServiceProxyPlan.For(_snapshot));

    [Benchmark]
    public object Plan() => ServiceProxyPlan.For(_snapshot);
}
