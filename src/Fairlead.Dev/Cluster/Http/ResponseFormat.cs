using Fairlead.Dev.Cluster.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Fairlead.Dev.Cluster.Http;

/// <summary>The representation chosen from the <c>Accept</c> header.</summary>
internal sealed record ResponseFormat(ResponseKind Kind, bool Yaml)
{
    public static readonly ResponseFormat Json = new(ResponseKind.Objects, false);

    /// <exception cref="ApiStatusException">406 when nothing offered can be served.</exception>
    public static ResponseFormat Negotiate(HttpRequest request, bool list)
    {
        var header = request.Headers.Accept;
        if (header.Count == 0 || string.IsNullOrWhiteSpace(header.ToString()))
            return Json;
        if (!MediaTypeHeaderValue.TryParseList(header, out var offers))
            throw ApiErrors.NotAcceptable();
        foreach (var offer in offers.OrderByDescending(o => o.Quality ?? 1))
        {
            if (Match(offer, list) is { } format)
                return format;
        }

        throw ApiErrors.NotAcceptable();
    }

    private static ResponseFormat? Match(MediaTypeHeaderValue offer, bool list)
    {
        var type = offer.MediaType.ToString();
        var yaml = type is "application/yaml";
        if (!yaml && type is not ("application/json" or "*/*" or "application/*"))
            return null;
        return (Parameter(offer, "as"), Parameter(offer, "g"), Parameter(offer, "v")) switch
        {
            (null, _, _) => new ResponseFormat(ResponseKind.Objects, yaml),
            ("Table", "meta.k8s.io", "v1") => new ResponseFormat(ResponseKind.Table, yaml),
            ("PartialObjectMetadata", "meta.k8s.io", "v1") when !list => new ResponseFormat(ResponseKind.Metadata, yaml),
            ("PartialObjectMetadataList", "meta.k8s.io", "v1") when list => new ResponseFormat(ResponseKind.Metadata, yaml),
            _ => null,
        };
    }

    private static string? Parameter(MediaTypeHeaderValue offer, string name)
    {
        foreach (var parameter in offer.Parameters)
        {
            if (parameter.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                return parameter.Value.ToString();
        }

        return null;
    }
}
