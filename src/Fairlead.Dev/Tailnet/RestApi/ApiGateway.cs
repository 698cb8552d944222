using System.Text;
using Fairlead.Dev.Tailnet.Access;
using Fairlead.Dev.Tailnet.Faults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fairlead.Dev.Tailnet.RestApi;

/// <summary>What every call passes: body, planned faults, token, scope, tailnet name, call log.</summary>
internal sealed class ApiGateway(AccessTokenRegistry tokens, FaultPlan faults, CallLog log, EmbeddedTailnetOptions options)
{
    // The real API takes policy files up to some hundred KiB; nothing else comes near.
    private const int MaxBodyBytes = 1024 * 1024;

    public void Map(IEndpointRouteBuilder routes, IReadOnlyList<IEndpointSet> sets)
    {
        foreach (var route in sets.SelectMany(set => set.Routes))
        {
            routes.MapMethods(route.Pattern, [route.Method], context => ServeAsync(context, route));
        }
        var nothing = new ApiRoute("*", "/api/v2/{**rest}", Scopes.Any, _ => throw ApiRefusal.NotFound());
        routes.Map(nothing.Pattern, context => ServeAsync(context, nothing));
    }

    private async Task ServeAsync(HttpContext context, ApiRoute route)
    {
        var body = await ReadBodyAsync(context.Request);
        if (body is null)
        {
            var tooLarge = ApiReply.Error(413, new ErrorBody($"the body is larger than {MaxBodyBytes} bytes"));
            await AnswerAsync(context, new ApiCall(context, []), tooLarge);
            return;
        }
        var call = new ApiCall(context, body);
        call.Grant = tokens.Find(context.Request.Headers.Authorization.ToString());
        var fault = faults.Next(context.Request.Method, context.Request.Path.Value ?? "");
        if (fault is { Delay: var delay } && delay > TimeSpan.Zero) await Task.Delay(delay, options.Time, context.RequestAborted);
        switch (fault?.Action)
        {
            case FaultAction.Cut:
                Abort(context, call);
                return;
            case FaultAction.LoseAnswer:
                Execute(call, route);
                Abort(context, call);
                return;
            case FaultAction.Answer:
                await AnswerAsync(context, call, fault.ToReply());
                return;
            default:
                await AnswerAsync(context, call, Execute(call, route));
                return;
        }
    }

    private ApiReply Execute(ApiCall call, ApiRoute route)
    {
        try
        {
            if (route.Scope is { } scope)
            {
                if (call.Grant is null) throw ApiRefusal.Unauthorized();
                if (!Scopes.Allows(call.Grant.Scopes, scope)) throw ApiRefusal.Forbidden();
            }
            if (route.Pattern.StartsWith(ApiRoute.Tailnet, StringComparison.Ordinal)
                && call.RouteValue("tailnet") is var name && name != "-" && name != options.TailnetName)
            {
                throw ApiRefusal.NotFound("tailnet not found");
            }
            return route.Handler(call);
        }
        catch (ApiRefusal refusal)
        {
            return refusal.Reply;
        }
    }

    private async Task AnswerAsync(HttpContext context, ApiCall call, ApiReply reply)
    {
        log.Add(Record(context.Request, call) with { Status = reply.Status });
        var response = context.Response;
        response.StatusCode = reply.Status;
        response.ContentType = reply.ContentType;
        response.ContentLength = reply.Body.Length;
        if (reply.ETag is { } tag) response.Headers.ETag = $"\"{tag}\"";
        if (reply.RetryAfter is { } wait) response.Headers.RetryAfter = wait;
        await response.Body.WriteAsync(reply.Body, context.RequestAborted);
    }

    private void Abort(HttpContext context, ApiCall call)
    {
        log.Add(Record(context.Request, call));
        context.Abort();
    }

    private CallRecord Record(HttpRequest request, ApiCall call) => new()
    {
        At = options.Time.GetUtcNow(),
        Method = request.Method,
        Path = request.Path.Value ?? "",
        Query = request.QueryString.Value ?? "",
        Headers = request.Headers
            .Where(header => !header.Key.Equals("Authorization", StringComparison.OrdinalIgnoreCase))
            .ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
        Body = OAuthForm.IsForm(call) ? OAuthForm.WithoutSecrets(call) : Encoding.UTF8.GetString(call.Body),
        ClientId = call.Grant?.ClientId,
    };

    private static async Task<byte[]?> ReadBodyAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        var buffer = new byte[8192];
        while (await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted) is > 0 and var read)
        {
            if (body.Length + read > MaxBodyBytes) return null;
            body.Write(buffer, 0, read);
        }
        return body.ToArray();
    }
}
