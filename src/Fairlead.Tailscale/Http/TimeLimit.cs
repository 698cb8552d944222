using Fairlead.Tailscale.Errors;

namespace Fairlead.Tailscale.Http;

/// <summary>Bounds a call as a whole: token, tries, waits and reading the answer.</summary>
internal static class TimeLimit
{
    public static async Task<T> RunAsync<T>(
        ApiRequest request, TailscaleClientOptions options, Func<CancellationToken, Task<T>> call, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(options.Timeout, options.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            return await call(both.Token);
        }
        catch (OperationCanceledException e) when (limit.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw new TailscaleApiException(
                request.Method.Method, request.Path, $"no answer within {options.Timeout.TotalSeconds:0.#} s", e);
        }
    }
}
