using System.Text;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Kubernetes.Serialization;

namespace Fairlead.Kubernetes.Tests.Resources;

/// <summary>Measures the heap of the process, so nothing else may run meanwhile.</summary>
[CollectionDefinition(nameof(MemoryTests), DisableParallelization = true)]
[Collection(nameof(MemoryTests))]
public sealed class MemoryTests
{
    [Fact]
    public void A_cached_service_takes_less_than_two_kibibytes()
    {
        // What earlier tests left running may allocate meanwhile, which can only make a measurement too high.
        var perObject = Enumerable.Range(0, 3).Min(_ => BytesPerService());

        Assert.True(perObject <= 2048, $"{perObject} bytes");
    }

    private static long BytesPerService()
    {
        const int Count = 2000;
        var objects = new Service[Count];
        objects[0] = Typical(0);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < Count; i++)
            objects[i] = Typical(i);

        var after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(objects);
        return (after - before) / Count;
    }

    private static Service Typical(int i)
    {
        var service = ObjectCodec.Decode(KubernetesResources.Services, Encoding.UTF8.GetBytes($$"""
            {"metadata":{"name":"web-{{i}}","namespace":"shop","uid":"7d7bd5b1-6a3c-4f6e-9d5a-{{i:D12}}","resourceVersion":"{{100000 + i}}","creationTimestamp":"2026-01-02T03:04:05Z",
            "labels":{"app.kubernetes.io/name":"web","app.kubernetes.io/instance":"web-{{i}}","app.kubernetes.io/managed-by":"Helm"},
            "annotations":{"example.com/expose":"true","example.com/hostname":"web-{{i}}"},
            "finalizers":["example.com/finalizer"],
            "managedFields":[{"manager":"kubectl","operation":"Update","apiVersion":"v1","time":"2026-01-02T03:04:05Z","fieldsType":"FieldsV1","fieldsV1":{"f:spec":{"f:ports":{} } } }]},
            "spec":{"ports":[{"name":"http","protocol":"TCP","port":80,"targetPort":8080},{"name":"https","protocol":"TCP","port":443,"targetPort":"https"}],
            "selector":{"app.kubernetes.io/name":"web","app.kubernetes.io/instance":"web-{{i}}"},"clusterIP":"10.0.0.{{i}}","clusterIPs":["10.0.0.{{i}}"],"type":"ClusterIP",
            "sessionAffinity":"None","ipFamilies":["IPv4"],"ipFamilyPolicy":"SingleStack","internalTrafficPolicy":"Cluster"},
            "status":{"loadBalancer":{} } }
            """));
        return service with { Metadata = service.Metadata with { ManagedFields = null } };
    }
}
