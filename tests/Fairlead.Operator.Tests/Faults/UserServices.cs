using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Operator.Resources;
using Fairlead.Operator.Resources.ProxyGroups;
using Fairlead.Operator.ServiceProxies;

namespace Fairlead.Operator.Tests.Faults;

/// <summary>What users do with their Services, at once and past the network.</summary>
internal sealed class UserServices(IClusterApi api)
{
    public JsonObject? Get(string name) => api.Get("", "services", OperatorWorld.UserNamespace, name);

    /// <summary>Creates a Service of type ClusterIP, or as <paramref name="shape"/> makes it.</summary>
    public void Create(string name, (string Key, string Value)? annotation = null, Action<JsonObject>? shape = null)
    {
        var service = new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = name, ["annotations"] = new JsonObject() },
            ["spec"] = new JsonObject
            {
                ["selector"] = new JsonObject { ["app"] = name },
                ["ports"] = new JsonArray(new JsonObject { ["port"] = 80 }),
            },
        };
        if (annotation is var (key, value))
        {
            service["metadata"]!["annotations"]![key] = value;
        }

        shape?.Invoke(service);
        api.Create("", "services", OperatorWorld.UserNamespace, service);
    }

    public void CreateExposed(string name) => Create(name, ("tailscale.com/expose", "true"));

    public void CreateLoadBalancer(string name) => Create(name, shape: service =>
    {
        service["spec"]!["type"] = "LoadBalancer";
        service["spec"]!["loadBalancerClass"] = "tailscale";
    });

    public void CreateEgress(string name) => Create(name, ("tailscale.com/tailnet-fqdn", "db.example.ts.net"));

    public void Annotate(string name, string key, string? value) => Change(name, service =>
    {
        var metadata = service["metadata"]!.AsObject();
        if (metadata["annotations"] is not JsonObject annotations)
        {
            metadata["annotations"] = annotations = [];
        }

        if (value is null)
        {
            annotations.Remove(key);
        }
        else
        {
            annotations[key] = value;
        }
    });

    /// <summary>Gives the Service to a ProxyGroup whose controllers have it served already.</summary>
    public void ServeByGroup(string name, string group)
    {
        if (api.Get(TailscaleResources.Group, TailscaleResources.ProxyGroups.Plural, null, group) is null)
        {
            var type = TailscaleResources.ProxyGroups;
            var created = new JsonObject
            {
                ["apiVersion"] = type.ApiVersion,
                ["kind"] = type.Kind,
                ["metadata"] = new JsonObject { ["name"] = group },
                ["spec"] = new JsonObject { ["type"] = ProxyGroupType.Ingress, ["replicas"] = 0 },
            };
            api.Create(type.Group, type.Plural, null, created);
        }

        Annotate(name, ServiceAnnotations.ProxyGroup, group);
        Change(
            name,
            static service => service["status"]!["conditions"]!.AsArray().Add(new JsonObject
            {
                ["type"] = ServiceConditions.GroupIngressConfigured,
                ["status"] = "True",
                ["reason"] = "IngressSvcConfigured",
                ["message"] = "",
                ["lastTransitionTime"] = "2026-01-01T00:00:00Z",
            }),
            "status");
    }

    public void Delete(string name) => api.Delete("", "services", OperatorWorld.UserNamespace, name);

    /// <summary>Changes the newest version, however often the operator gets in between.</summary>
    public void Change(string name, Action<JsonObject> change, string? subresource = null)
    {
        while (true)
        {
            var service = Get(name)!;
            change(service);
            try
            {
                api.Update("", "services", OperatorWorld.UserNamespace, service, subresource);
                return;
            }
            catch (ApiStatusException e) when (e.Code == 409)
            {
                // Somebody else wrote in between.
            }
        }
    }
}
