using System.Text.Json.Serialization.Metadata;

namespace Fairlead.Kubernetes.Resources;

/// <summary>How a type of object is addressed, read and written.</summary>
/// <param name="Group">API group; empty for the core group.</param>
/// <param name="Plural">Name in paths, for example <c>statefulsets</c>.</param>
/// <param name="Json">Source-generated serialisation of one object.</param>
public sealed record ResourceType<T>(string Group, string Version, string Kind, string Plural, bool Namespaced, JsonTypeInfo<T> Json)
    where T : class, IKubernetesObject
{
    public string ApiVersion { get; } = Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary><c>plural.group</c>, as in RBAC messages and metrics.</summary>
    public string GroupResource { get; } = Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    /// <summary>Path below the server's base, for example <c>apis/apps/v1/namespaces/web/statefulsets/db/status</c>.</summary>
    public string Path(string? ns, string? name = null, string? subresource = null)
    {
        var root = Group.Length == 0 ? $"api/{Version}" : $"apis/{Group}/{Version}";
        var path = Namespaced && !string.IsNullOrEmpty(ns) ? $"{root}/namespaces/{Uri.EscapeDataString(ns)}/{Plural}" : $"{root}/{Plural}";
        if (name is not null)
            path += $"/{Uri.EscapeDataString(name)}";

        return subresource is null ? path : $"{path}/{subresource}";
    }
}
