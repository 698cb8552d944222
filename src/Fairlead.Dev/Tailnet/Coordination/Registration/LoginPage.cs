using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fairlead.Dev.Tailnet.Coordination.Registration;

/// <summary>The page that lets a node in. Who opens it is believed to be whoever they say: the server is for one developer.</summary>
internal sealed class LoginPage(LoginRequests requests, string owner)
{
    public const string Path = "/a/";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods(Path + "{id}", [HttpMethods.Get], ShowAsync);
        routes.MapMethods(Path + "{id}", [HttpMethods.Post], ApproveAsync);
    }

    private Task ShowAsync(HttpContext context)
    {
        if (Find(context) is not { } request) return AnswerAsync(context, 404, "<p>There is no such login request.</p>");
        if (request.Decision.IsCompleted) return AnswerAsync(context, 200, "<p>This login request is decided.</p>");
        var tags = request.Tags.Count == 0 ? "no tags" : string.Join(", ", request.Tags);
        return AnswerAsync(context, 200, $"""
            <p>Device <b>{Encoded(request.Hostname)}</b> with {Encoded(tags)} wants to join the tailnet.</p>
            <form method="post"><label>Owner <input name="user" value="{Encoded(owner)}"></label> <button>Approve</button></form>
            """);
    }

    private async Task ApproveAsync(HttpContext context)
    {
        if (Find(context) is not { } request)
        {
            await AnswerAsync(context, 404, "<p>There is no such login request.</p>");
            return;
        }
        var user = context.Request.HasFormContentType ? (await context.Request.ReadFormAsync(context.RequestAborted))["user"].ToString() : "";
        request.Approve(user.Length == 0 ? null : user);
        await AnswerAsync(context, 200, "<p>Approved. You can close this page.</p>");
    }

    private LoginRequest? Find(HttpContext context) => requests.Find((string)context.GetRouteValue("id")!);

    private static string Encoded(string text) => HtmlEncoder.Default.Encode(text);

    private static Task AnswerAsync(HttpContext context, int status, string html)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/html; charset=utf-8";
        return context.Response.WriteAsync($"<!doctype html><title>Embedded tailnet</title>{html}", context.RequestAborted);
    }
}
