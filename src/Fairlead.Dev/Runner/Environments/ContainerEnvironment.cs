using System.Text;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.BuiltIns;

namespace Fairlead.Dev.Runner.Environments;

/// <summary>Works out the variables of a container.</summary>
internal sealed class ContainerEnvironment(ClusterSources sources)
{
    /// <param name="inherited">What is set before the container's own variables.</param>
    /// <exception cref="ContainerConfigurationException">A variable's source is missing.</exception>
    public Dictionary<string, string> Build(JsonObject pod, JsonObject container, PodAddress address, IEnumerable<KeyValuePair<string, string>> inherited)
    {
        var variables = new Dictionary<string, string>(inherited, StringComparer.Ordinal);
        foreach (var source in container.Objects("envFrom"))
            AddAll(variables, pod.Namespace(), source);
        foreach (var variable in container.Objects("env"))
        {
            var name = variable.Text("name") ?? "";
            var value = variable.Object("valueFrom") is { } from
                ? Value(pod, container, name, from, address)
                : VariableExpansion.Expand(variable.Text("value") ?? "", variables);
            if (value is not null)
                variables[name] = value;
        }

        return variables;
    }

    private void AddAll(Dictionary<string, string> variables, string ns, JsonObject source)
    {
        var (plural, reference) = source.Object("secretRef") is { } secret ? ("secrets", secret) : ("configmaps", source.Object("configMapRef"));
        var name = reference.Text("name") ?? "";
        if (sources.Values(plural, ns, name) is not { } values)
        {
            if (reference.Flag("optional") == true)
                return;
            throw new ContainerConfigurationException($"{(plural == "secrets" ? "secret" : "configmap")} \"{name}\" not found");
        }

        foreach (var (key, value) in values)
            variables[source.Text("prefix") + key] = Encoding.UTF8.GetString(value);
    }

    private string? Value(JsonObject pod, JsonObject container, string name, JsonObject from, PodAddress address)
    {
        if (from.Object("secretKeyRef") is { } secret)
            return Value(pod.Namespace(), "secrets", secret);
        if (from.Object("configMapKeyRef") is { } map)
            return Value(pod.Namespace(), "configmaps", map);
        if (from.Object("fieldRef").Text("fieldPath") is { } path && FieldReferences.Value(pod, path, address) is { } value)
            return value;
        throw new ContainerConfigurationException(
            $"container \"{container.Text("name")}\": variable {name}: {from.ToJsonString()} is no source that is known here; use a secret's or config map's key or a field of the Pod");
    }

    private string? Value(string ns, string plural, JsonObject reference)
    {
        var (name, key) = (reference.Text("name") ?? "", reference.Text("key") ?? "");
        var kind = plural == "secrets" ? "secret" : "configmap";
        var values = sources.Values(plural, ns, name);
        if (values is not null && values.TryGetValue(key, out var value))
            return Encoding.UTF8.GetString(value);
        if (reference.Flag("optional") == true)
            return null;
        throw new ContainerConfigurationException(values is null ? $"{kind} \"{name}\" not found" : $"couldn't find key {key} in {kind} {ns}/{name}");
    }
}
