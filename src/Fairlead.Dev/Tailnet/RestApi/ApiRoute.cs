namespace Fairlead.Dev.Tailnet.RestApi;

/// <param name="Method">HTTP method.</param>
/// <param name="Pattern">Route pattern from <c>/api/v2</c> on.</param>
/// <param name="Scope">The scope a token needs; null for routes that take no token.</param>
/// <param name="Handler">Does the work; may throw <see cref="ApiRefusal"/>.</param>
internal sealed record ApiRoute(string Method, string Pattern, string? Scope, Func<ApiCall, ApiReply> Handler)
{
    public const string Tailnet = "/api/v2/tailnet/{tailnet}";
}
