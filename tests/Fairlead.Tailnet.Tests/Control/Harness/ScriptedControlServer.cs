using System.Collections.Concurrent;
using System.Threading.Channels;
using Fairlead.Tailnet.Protocol.Control;
using Fairlead.Tailnet.Protocol.Control.Maps;
using Fairlead.Tailnet.Protocol.Control.Registration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Fairlead.Tailnet.Tests.Control.Harness;

/// <summary>A coordination server over plain HTTP that does what the test says.</summary>
internal sealed class ScriptedControlServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Channel<ServedMapStream> _streams = Channel.CreateUnbounded<ServedMapStream>();
    private readonly Channel<(string Request, byte[] Body)> _others = Channel.CreateUnbounded<(string, byte[])>();

    private ScriptedControlServer(WebApplication app) => _app = app;

    public Uri Url => new(_app.Urls.First());

    public ConcurrentQueue<RegisterRequest> Registrations { get; } = [];

    public ConcurrentQueue<MapRequest> Updates { get; } = [];

    /// <summary>Answers a registration; by default takes every machine.</summary>
    public Func<RegisterRequest, HttpContext, Task<RegisterResponse?>> OnRegister { get; set; } =
        (_, _) => Task.FromResult<RegisterResponse?>(new RegisterResponse { MachineAuthorized = true });

    /// <summary>Called before a map request is answered; a status other than 200 refuses.</summary>
    public Func<MapRequest, HttpContext, Task<int>> OnMap { get; set; } = (_, _) => Task.FromResult(200);

    /// <summary>Answer of all other paths.</summary>
    public string OtherAnswer { get; set; } = "{}";

    public static async Task<ScriptedControlServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var server = new ScriptedControlServer(app);
        app.Run(server.ServeAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    /// <summary>The next map stream that a client opened.</summary>
    public async Task<ServedMapStream> NextStreamAsync() =>
        await _streams.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

    /// <summary>The next request of another path, as method and target, and its body.</summary>
    public async Task<(string Request, byte[] Body)> NextOtherAsync() =>
        await _others.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.FromMilliseconds(1));
        await _app.StopAsync(now.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _app.DisposeAsync();
    }

    private static async Task<byte[]> BodyOfAsync(HttpContext context)
    {
        var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        return body.ToArray();
    }

    private async Task ServeAsync(HttpContext context)
    {
        var body = await BodyOfAsync(context);
        switch (context.Request.Path.Value)
        {
            case "/machine/register":
                await RegisterAsync(context, ControlJson.Deserialize<RegisterRequest>(body));
                break;
            case "/machine/map":
                await MapAsync(context, ControlJson.Deserialize<MapRequest>(body));
                break;
            default:
                await _others.Writer.WriteAsync(($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}", body));
                if (context.Request.Method != "HEAD") await context.Response.WriteAsync(OtherAnswer);
                break;
        }
    }

    private async Task RegisterAsync(HttpContext context, RegisterRequest request)
    {
        Registrations.Enqueue(request);
        if (await OnRegister(request, context) is { } response) await context.Response.Body.WriteAsync(ControlJson.Serialize(response));
    }

    private async Task MapAsync(HttpContext context, MapRequest request)
    {
        context.Response.StatusCode = await OnMap(request, context);
        if (!request.Stream) Updates.Enqueue(request);
        if (!request.Stream || context.Response.StatusCode != 200) return;
        context.Features.Get<IHttpResponseBodyFeature>()!.DisableBuffering();
        await context.Response.StartAsync();
        await using var stream = new ServedMapStream(context, request);
        await _streams.Writer.WriteAsync(stream);
        await stream.Ended;
    }
}
