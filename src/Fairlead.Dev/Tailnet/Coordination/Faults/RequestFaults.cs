using Fairlead.Dev.Tailnet.Faults;
using Microsoft.AspNetCore.Http;

namespace Fairlead.Dev.Tailnet.Coordination.Faults;

/// <summary>Applies the tailnet's <see cref="FaultPlan"/> to requests of nodes, as the REST API does to its own.</summary>
internal sealed class RequestFaults(FaultPlan plan, TimeProvider time)
{
    // How long a client shall wait that was not told otherwise: what clients take themselves for a refused registration.
    private const string DefaultRetryAfter = "5";

    public async Task ServeAsync(HttpContext context, RequestDelegate next)
    {
        var fault = plan.Next(context.Request.Method, context.Request.Path.Value ?? "");
        if (fault is { Delay: var delay } && delay > TimeSpan.Zero) await Task.Delay(delay, time, context.RequestAborted);
        switch (fault?.Action)
        {
            case FaultAction.Cut:
                context.Abort();
                return;
            case FaultAction.LoseAnswer:
                context.Response.Body = Stream.Null;
                await next(context);
                context.Abort();
                return;
            case FaultAction.Answer:
                await AnswerAsync(context, fault);
                return;
            default:
                await next(context);
                return;
        }
    }

    private static Task AnswerAsync(HttpContext context, Fault fault)
    {
        context.Response.StatusCode = fault.Status;
        context.Response.ContentType = fault.ContentType;
        if (fault.Status == StatusCodes.Status429TooManyRequests) context.Response.Headers.RetryAfter = fault.RetryAfter ?? DefaultRetryAfter;
        return context.Response.WriteAsync(fault.Body, context.RequestAborted);
    }
}
