using System.Diagnostics;
using System.Globalization;
using System.Net;
using Fairlead.Proxy.Targets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Fairlead.SampleApps;

/// <summary>
/// A web app for demonstrations: it tells who answers and who asked, and, if it was given a database, counts visits there. What it tells
/// people in the body it tells programs in headers. Like the Argo CD that it stands for, it speaks HTTP and HTTPS on its one port.
/// </summary>
internal static class SampleApp
{
    /// <summary>Headers of its answers.</summary>
    public const string ServedBy = "Sample-Served-By";
    public const string Port = "Sample-Port";
    public const string AskedBy = "Sample-Asked-By";
    public const string Database = "Sample-Database";
    public const string DatabaseAddress = "Sample-Database-Address";

    /// <summary>Times in milliseconds: <c>app</c> in all, <c>db</c> for the database (W3C Server Timing).</summary>
    public const string ServerTiming = "Server-Timing";

    public static async Task RunAsync(SampleAppSettings settings, CancellationToken stopping)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(settings.Listen, listen => listen.UseTlsOnDemand(settings.Name, TimeProvider.System));
        });
        var app = builder.Build();
        await using (app.ConfigureAwait(false))
        {
            INameResolver? resolver = settings.Resolver is { } server ? new DnsServerResolver(server, settings.SearchList) : null;
            var counter = settings.Database is { } database ? new VisitCounter(database, resolver ?? new SystemNameResolver(), settings.LowPorts) : null;
            app.Run(context => AnswerAsync(context, settings, counter));
            await app.StartAsync(stopping).ConfigureAwait(false);
            Console.WriteLine($"{settings.Name} listens on {settings.Listen}");
            await CommandLine.UntilStopped.WaitAsync(stopping).ConfigureAwait(false);
            using var now = new CancellationTokenSource();
            await now.CancelAsync().ConfigureAwait(false);
            await app.StopAsync(now.Token).ConfigureAwait(false);
        }
    }

    private static async Task AnswerAsync(HttpContext context, SampleAppSettings settings, VisitCounter? counter)
    {
        if (context.Request.Path == "/healthz")
        {
            await context.Response.WriteAsync("ok", context.RequestAborted).ConfigureAwait(false);
            return;
        }

        var clock = Stopwatch.StartNew();
        var client = new IPEndPoint(context.Connection.RemoteIpAddress ?? IPAddress.None, context.Connection.RemotePort);
        var headers = context.Response.Headers;
        headers[ServedBy] = settings.Name;
        headers[Port] = settings.Listen.Port.ToString(CultureInfo.InvariantCulture);
        headers[AskedBy] = client.ToString();
        var timing = "";
        var text = $"Hello from {settings.Name}.\nYou asked for {context.Request.Scheme}://{context.Request.Host}{context.Request.Path} from {client}.\n";
        if (counter is not null)
        {
            var (status, line) = await CountAsync(headers, settings, counter, context.RequestAborted).ConfigureAwait(false);
            context.Response.StatusCode = status;
            text += line;
            timing = $", db;dur={Milliseconds(clock)}";
        }

        headers[ServerTiming] = $"app;dur={Milliseconds(clock)}{timing}";
        Console.WriteLine($"{context.Request.Method} {context.Request.Path} from {client}: {context.Response.StatusCode} in {Milliseconds(clock)} ms");
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync(text, context.RequestAborted).ConfigureAwait(false);
    }

    private static async Task<(int Status, string Line)> CountAsync(IHeaderDictionary headers, SampleAppSettings settings, VisitCounter counter, CancellationToken cancellationToken)
    {
        headers[Database] = $"{settings.Database!.Host}:{settings.Database.Port}";
        try
        {
            var (visits, address) = await counter.CountAsync(cancellationToken).ConfigureAwait(false);
            headers[DatabaseAddress] = address.ToString();
            return (StatusCodes.Status200OK, $"This is visit number {visits}, says the database {settings.Database.Host} on the tailnet.\n");
        }
        catch (IOException e)
        {
            return (StatusCodes.Status502BadGateway, $"The database cannot count this visit: {e.Message}\n");
        }
    }

    private static string Milliseconds(Stopwatch clock) => clock.Elapsed.TotalMilliseconds.ToString("0.00", CultureInfo.InvariantCulture);
}
