using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Fairlead.Dev.Cluster.Faults;

/// <summary>Carries a request out the way the planned faults want.</summary>
internal sealed class FaultyExecution(FaultInjector faults, TimeProvider time)
{
    public async Task RunAsync(ApiRequest request, Func<ApiRequest, Task> handle)
    {
        if (faults.StopFor(request) is { } stop)
            await RunUntilStopAsync(request, handle, stop).ConfigureAwait(false);
        else
            await RunWithFaultsAsync(request, handle).ConfigureAwait(false);
    }

    private async Task RunUntilStopAsync(ApiRequest request, Func<ApiRequest, Task> handle, WorldStop stop)
    {
        var isWrite = request.Info is { IsResource: true, Verb: not ("get" or "list" or "watch") };
        if (!await stop.EnterAsync(isWrite, request.Aborted).ConfigureAwait(false))
        {
            request.Http.Abort();
            return;
        }

        if (!isWrite)
        {
            await RunWithFaultsAsync(request, handle).ConfigureAwait(false);
            return;
        }

        var committed = false;
        var unanswered = stop.LosesAnswer;
        try
        {
            if (unanswered)
                DiscardAnswer(request);
            await RunWithFaultsAsync(request, handle).ConfigureAwait(false);
            committed = request.Http.Response.StatusCode < 300;
        }
        finally
        {
            stop.Leave(committed);
        }

        if (stop.Stopped.IsCompleted)
        {
            if (unanswered)
                request.Http.Abort();
            faults.CutWatchesOf(stop);
        }
    }

    private async Task RunWithFaultsAsync(ApiRequest request, Func<ApiRequest, Task> handle)
    {
        var cutAfter = false;
        foreach (var effect in faults.Claim(request))
        {
            switch (effect)
            {
                case FaultEffect.Fail fail:
                    throw new ApiStatusException(fail.Code, fail.Reason, fail.Message) { RetryAfterSeconds = fail.RetryAfterSeconds };
                case FaultEffect.Delay delay:
                    await Task.Delay(delay.Time, time, request.Aborted).ConfigureAwait(false);
                    break;
                case FaultEffect.Hold hold:
                    await hold.Until.WaitAsync(request.Aborted).ConfigureAwait(false);
                    break;
                case FaultEffect.CutBefore:
                    request.Http.Abort();
                    return;
                case FaultEffect.CutAfter:
                    cutAfter = true;
                    break;
            }
        }

        if (cutAfter)
            DiscardAnswer(request);
        await handle(request).ConfigureAwait(false);
        if (cutAfter)
            request.Http.Abort();
    }

    private static void DiscardAnswer(ApiRequest request) =>
        request.Http.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(Stream.Null));
}
