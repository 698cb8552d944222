using Microsoft.AspNetCore.Http;

namespace Fairlead.Dev.Cluster.Http;

/// <summary>Reads resource paths: <c>/api/v1/…</c> and <c>/apis/GROUP/VERSION/…</c>, with or without a namespace.</summary>
internal static class RequestInfoParser
{
    public static RequestInfo Parse(HttpRequest request)
    {
        var path = request.Path.Value ?? "/";
        var plain = new RequestInfo { Path = path, Verb = request.Method.ToLowerInvariant() };
        var segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (segments.Length < 3 || segments[0] is not ("api" or "apis") || (segments[0] == "apis" && segments.Length < 4))
            return plain;
        var rest = segments.AsSpan(segments[0] == "api" ? 2 : 3);
        string? ns = null;
        if (rest[0] == "namespaces" && rest.Length > 1)
        {
            ns = rest[1];

            // Namespaces are objects too: /namespaces/NAME and its subresources.
            if (rest.Length > 2 && rest[2] is not ("status" or "finalize"))
                rest = rest[2..];
        }

        if (rest.Length > 3)
            return plain;
        var name = rest.Length > 1 ? rest[1] : null;
        return plain with
        {
            IsResource = true,
            Verb = Verb(request, name),
            Group = segments[0] == "api" ? "" : segments[1],
            Version = segments[0] == "api" ? segments[1] : segments[2],
            Resource = rest[0],
            Subresource = rest.Length > 2 ? rest[2] : null,
            Namespace = ns,
            Name = name,
        };
    }

    private static string Verb(HttpRequest request, string? name) => request.Method switch
    {
        "GET" or "HEAD" when name is not null => "get",
        "GET" or "HEAD" => RequestQuery.Flag(request.Query, "watch") ?? false ? "watch" : "list",
        "POST" => "create",
        "PUT" => "update",
        "PATCH" => "patch",
        "DELETE" => name is null ? "deletecollection" : "delete",
        var other => other.ToLowerInvariant(),
    };
}
