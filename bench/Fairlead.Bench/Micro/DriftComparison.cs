using System.Text.Json;
using System.Text.Json.Nodes;
using BenchmarkDotNet.Attributes;
using Fairlead.Kubernetes.Drift;
using Fairlead.Operator.ServiceProxies;

namespace Fairlead.Bench.Micro;

/// <summary>
/// Whether a stored StatefulSet still is as desired, server defaults aside. Baseline: the desired object merged into a copy of
/// the stored one as <see cref="JsonNode"/>s, and the result compared with the stored one.
/// </summary>
public class DriftComparison
{
    private JsonElement _desired;
    private JsonElement _observed;

    [GlobalSetup]
    public void Setup()
    {
        _desired = SampleProxy.Objects(ServiceProxyPlan.For(SampleProxy.Snapshot))
            .Single(json => json.GetProperty("kind").GetString() == "StatefulSet");
        var stored = JsonNode.Parse(_desired.GetRawText())!.AsObject();
        var spec = stored["spec"]!.AsObject();
        spec["podManagementPolicy"] = "OrderedReady";
        spec["revisionHistoryLimit"] = 10;
        var pod = spec["template"]!["spec"]!.AsObject();
        pod["restartPolicy"] = "Always";
        pod["dnsPolicy"] = "ClusterFirst";
        pod["schedulerName"] = "default-scheduler";
        pod["terminationGracePeriodSeconds"] = 30;
        _observed = JsonDocument.Parse(stored.ToJsonString()).RootElement;
    }

    [Benchmark(Baseline = true)]
    public bool MergeAndCompare()
    {
        var observed = JsonNode.Parse(_observed.GetRawText())!;
        var merged = observed.DeepClone();
        Merge(merged.AsObject(), JsonNode.Parse(_desired.GetRawText())!.AsObject());
        return JsonNode.DeepEquals(observed, merged);
    }

    [Benchmark]
    public bool Detector() =>
        DriftDetector.Compare(_desired, _observed, ["/metadata/labels", "/metadata/annotations", "/spec"], static _ => false).Different;

    private static void Merge(JsonObject into, JsonObject from)
    {
        foreach (var (name, value) in from)
        {
            if (value is JsonObject inner && into[name] is JsonObject existing)
            {
                Merge(existing, inner);
            }
            else if (value is JsonArray wanted && into[name] is JsonArray present && wanted.Count == present.Count)
            {
                for (var i = 0; i < wanted.Count; i++)
                {
                    if (wanted[i] is JsonObject element && present[i] is JsonObject target)
                    {
                        Merge(target, element);
                    }
                }
            }
            else
            {
                into[name] = value?.DeepClone();
            }
        }
    }
}
