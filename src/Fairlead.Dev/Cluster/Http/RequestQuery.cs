using System.Globalization;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.Listing;
using Fairlead.Dev.Cluster.Resources;
using Fairlead.Dev.Cluster.Schemas;
using Fairlead.Dev.Cluster.Selection;
using Fairlead.Dev.Cluster.Watching;
using Microsoft.AspNetCore.Http;

namespace Fairlead.Dev.Cluster.Http;

/// <summary>Query parameters of list and watch requests.</summary>
internal static class RequestQuery
{
    // A watch without a limit of its own ends after 30 to 60 minutes, as with the API server's default request timeout.
    private static readonly TimeSpan MinWatch = TimeSpan.FromMinutes(30);

    public static ListOptions List(IQueryCollection query, ResourceDefinition definition, RequestInfo info)
    {
        var match = Match(query);
        var version = Version(query);
        var token = Text(query, "continue");
        if (Flag(query, "sendInitialEvents") is not null)
            throw Invalid("sendInitialEvents", "sendInitialEvents is forbidden for list");
        if (match != ResourceVersionMatch.Unset && version is null)
            throw Invalid("resourceVersionMatch", "resourceVersionMatch is forbidden unless resourceVersion is provided");
        if (match != ResourceVersionMatch.Unset && token is not null)
            throw Invalid("resourceVersionMatch", "resourceVersionMatch is forbidden when continue is provided");
        if (match == ResourceVersionMatch.Exact && version == 0)
            throw Invalid("resourceVersionMatch", "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"");
        if (token is not null && version > 0)
            throw ApiErrors.BadRequest("specifying resource version is not allowed when using continue");
        return new ListOptions
        {
            Selector = Selector(query, definition, info),
            Limit = (int)Math.Clamp(Number(query, "limit") ?? 0, 0, int.MaxValue),
            Continue = token,
            ResourceVersion = version,
            Match = match,
        };
    }

    public static WatchOptions Watch(IQueryCollection query, ResourceDefinition definition, RequestInfo info, Random random)
    {
        var match = Match(query);
        var initial = Flag(query, "sendInitialEvents");
        if (initial is not null && match != ResourceVersionMatch.NotOlderThan)
            throw Invalid("resourceVersionMatch", "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
        if (initial is null && match != ResourceVersionMatch.Unset)
            throw Invalid("resourceVersionMatch", "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided");
        if (Text(query, "continue") is not null)
            throw Invalid("continue", "continue is forbidden for watch");
        var seconds = Number(query, "timeoutSeconds");
        return new WatchOptions
        {
            Selector = Selector(query, definition, info),
            ResourceVersion = initial == false ? Version(query) ?? 0 : Version(query),
            AllowBookmarks = Flag(query, "allowWatchBookmarks") ?? false,
            SendInitialEvents = initial ?? false,
            Timeout = seconds is > 0 ? TimeSpan.FromSeconds(seconds.Value) : MinWatch * (1 + random.NextDouble()),
        };
    }

    public static ObjectSelector Selector(IQueryCollection query, ResourceDefinition definition, RequestInfo info)
    {
        var fields = FieldSelector.Parse(Text(query, "fieldSelector"), definition);
        return new ObjectSelector(
            definition.Namespaced ? info.Namespace : null,
            LabelSelectorParser.Parse(Text(query, "labelSelector")),
            fields);
    }

    public static string? Text(IQueryCollection query, string name) =>
        query.TryGetValue(name, out var value) && value.ToString() is { Length: > 0 } text ? text : null;

    public static long? Number(IQueryCollection query, string name)
    {
        if (Text(query, name) is not { } text)
            return null;
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw ApiErrors.BadRequest($"query parameter {name}: \"{text}\" is not an integer");
    }

    public static bool? Flag(IQueryCollection query, string name)
    {
        if (!query.TryGetValue(name, out var value))
            return null;

        // As the API server reads booleans: whatever is not plainly false is true.
        return value.ToString().ToLowerInvariant() is not ("0" or "false");
    }

    private static long? Version(IQueryCollection query)
    {
        if (Text(query, "resourceVersion") is not { } text)
            return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : throw ApiErrors.BadRequest($"invalid resource version: resourceVersion: Invalid value: \"{text}\": must be an unsigned integer");
    }

    private static ResourceVersionMatch Match(IQueryCollection query) => Text(query, "resourceVersionMatch") switch
    {
        null => ResourceVersionMatch.Unset,
        "Exact" => ResourceVersionMatch.Exact,
        "NotOlderThan" => ResourceVersionMatch.NotOlderThan,
        var other => throw ApiErrors.InvalidOptions(
            "ListOptions", FieldErrorType.NotSupported, "resourceVersionMatch", "supported values: \"Exact\", \"NotOlderThan\", \"\"", $"\"{other}\""),
    };

    private static ApiStatusException Invalid(string field, string detail) =>
        ApiErrors.InvalidOptions("ListOptions", FieldErrorType.Forbidden, field, detail);
}
