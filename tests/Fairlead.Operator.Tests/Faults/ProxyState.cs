using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Tailnet;
using Fairlead.Operator.Proxies;

namespace Fairlead.Operator.Tests.Faults;

/// <summary>
/// Everything there is for one Service, as text in which whatever differs from run to run has a stand-in: runs that came to
/// the same state have the same text. A second child, an orphan, or a device too many shows as a line too many.
/// </summary>
internal sealed partial class ProxyState(IClusterApi api, EmbeddedTailnet tailnet)
{
    private static readonly (string Group, string Plural)[] Children = [("", "services"), ("", "secrets"), ("apps", "statefulsets")];

    public string Of(string name)
    {
        var lines = new List<string>();
        var service = api.Get("", "services", OperatorWorld.UserNamespace, name);
        if (service is not null)
        {
            lines.Add(Parent(service));
        }

        var children = Children.SelectMany(type => ChildrenOf(name, type.Group, type.Plural).Select(child => (type.Plural, child))).ToList();
        lines.AddRange(children.Select(child => Child(child.Plural, child.child)));
        lines.AddRange(tailnet.Devices.Snapshot()
            .Where(device => device.Hostname.Contains(name, StringComparison.Ordinal))
            .Select(device => $"device {device.Name} {string.Join(',', device.Tags)}"));

        var text = string.Join('\n', lines);
        if (children.Select(child => Name(child.child)).MinBy(child => child.Length) is { } shortest)
        {
            text = text.Replace(children.Any(child => child.Plural != "secrets") ? shortest : shortest[..^2], "$PROXY", StringComparison.Ordinal);
        }

        if (service is not null)
        {
            text = text.Replace((string)service["metadata"]!["uid"]!, "$UID", StringComparison.Ordinal);
        }

        text = AddressPattern().Replace(text.Replace(name, "$NAME", StringComparison.Ordinal), "$$IP");
        return KeyPattern().Replace(text, "$$KEY");
    }

    /// <summary>The children of a Service of one type.</summary>
    public IReadOnlyList<JsonObject> ChildrenOf(string name, string group, string plural) =>
    [
        .. api.List(group, plural, OperatorWorld.OperatorNamespace).Where(child =>
            (string?)child["metadata"]!["labels"]?[ProxyLabels.ParentName] == name
            && (string?)child["metadata"]!["labels"]?[ProxyLabels.ParentNamespace] == OperatorWorld.UserNamespace),
    ];

    /// <summary>A condition of the Service as <c>status reason message</c>; null without it.</summary>
    public string? Condition(string name, string type) =>
        api.Get("", "services", OperatorWorld.UserNamespace, name)?["status"]?["conditions"]?.AsArray()
            .Where(condition => (string?)condition!["type"] == type)
            .Select(condition => $"{condition!["status"]} {condition["reason"]} {condition["message"]}")
            .SingleOrDefault();

    private static string Name(JsonObject obj) => (string)obj["metadata"]!["name"]!;

    private static string Parent(JsonObject service)
    {
        var metadata = service["metadata"]!;
        var conditions = service["status"]?["conditions"]?.AsArray() ?? [];
        var lines = conditions.Select(condition => $"  {condition!["type"]}: {condition["status"]} {condition["reason"]} {condition["message"]}");
        return string.Join('\n',
        [
            $"Service, finalizers {Text(metadata["finalizers"])}{(metadata["deletionTimestamp"] is null ? "" : ", being deleted")}",
            $"  type {service["spec"]!["type"]} to {Text(service["spec"]!["externalName"])}, load balancer {Text(service["status"]?["loadBalancer"])}",
            .. lines,
        ]);
    }

    private static string Child(string plural, JsonObject child)
    {
        var metadata = child["metadata"]!;
        var text = new StringBuilder($"{plural} {Name(child)} {Text(metadata["labels"])} {Text(metadata["annotations"])} {Text(metadata["finalizers"])}");
        text.Append(metadata["deletionTimestamp"] is null ? "" : " being deleted").Append(' ').Append(Text(child["spec"]));
        foreach (var (key, value) in child["data"]?.AsObject().OrderBy(entry => entry.Key, StringComparer.Ordinal) ?? Enumerable.Empty<KeyValuePair<string, JsonNode?>>())
        {
            var content = Encoding.UTF8.GetString(Convert.FromBase64String((string)value!));
            var stable = key is ProxyStateKeys.PodUid or ProxyStateKeys.DeviceId ? "…" : content;
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"\n  {key}: {stable}");
        }

        return text.ToString();
    }

    private static string Text(JsonNode? node) => node?.ToJsonString() ?? "-";

    [GeneratedRegex(@"\b(10\.96|100\.\d+)\.\d+\.\d+\b|\bfd7a:[0-9a-f:]+")]
    private static partial Regex AddressPattern();

    [GeneratedRegex("tskey-auth-[A-Za-z0-9-]+")]
    private static partial Regex KeyPattern();
}
