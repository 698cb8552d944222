using Fairlead.Dev.Tailnet.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fairlead.Dev.Tailnet.RestApi;

/// <summary>One request, read as a whole.</summary>
internal sealed class ApiCall(HttpContext context, byte[] body)
{
    public byte[] Body { get; } = body;

    /// <summary>Who asks; null on routes that take no token.</summary>
    public AccessGrant? Grant { get; set; }

    public IHeaderDictionary Headers => context.Request.Headers;

    public string? ContentType => context.Request.ContentType;

    /// <summary>The client behind the token.</summary>
    public AccessGrant RequiredGrant => Grant ?? throw ApiRefusal.Unauthorized();

    public string RouteValue(string name) => (string)context.GetRouteValue(name)!;

    public string QueryValue(string name) => context.Request.Query[name].ToString();

    public bool HasFlag(string name) => context.Request.Query[name].ToString() is "1" or "true";

    public bool Accepts(string mediaType) => Headers.Accept.ToString().Contains(mediaType, StringComparison.OrdinalIgnoreCase);

    public bool Has(string mediaType) =>
        ContentType is { } type && type.Split(';')[0].Trim().Equals(mediaType, StringComparison.OrdinalIgnoreCase);
}
