using System.Text;
using Fairlead.Tailnet.Nodes.State;
using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Tailnet.Tests.Nodes.State;

public sealed class NodeStateStoreTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("fairlead-state-").FullName;

    private string StateFile => Path.Combine(_directory, "deep", "node.state");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task What_is_written_is_there_for_the_next_run_and_for_nobody_else()
    {
        using (var store = new FileNodeStateStore(StateFile))
        {
            await store.WriteAsync("a", "one"u8.ToArray(), TestContext.Current.CancellationToken);
            await store.WriteAsync("b", "two"u8.ToArray(), TestContext.Current.CancellationToken);
            await store.WriteAsync("a", null, TestContext.Current.CancellationToken);
        }

        using var next = new FileNodeStateStore(StateFile);
        Assert.Null(await next.ReadAsync("a", TestContext.Current.CancellationToken));
        Assert.Equal("two"u8.ToArray(), await next.ReadAsync("b", TestContext.Current.CancellationToken));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(StateFile));
        }

        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(StateFile)!));
    }

    [Fact]
    public async Task A_state_file_of_tailscaled_is_read()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(StateFile)!);
        await File.WriteAllTextAsync(StateFile, $$"""{"_machinekey": "{{Base64("privkey:" + new string('7', 64))}}", "_current-profile": "{{Base64("profile-ab12")}}", "profile-ab12": "{{Base64($$"""{"ControlURL":"https://control.example","Config":{"PrivateNodeKey":"privkey:{{new string('6', 64)}}","NodeID":"n1CNTRL"},"CorpDNS":true}""")}}"}""", TestContext.Current.CancellationToken);
        using var store = new FileNodeStateStore(StateFile);

        using var identity = await NodeIdentity.LoadAsync(store, TestContext.Current.CancellationToken);

        Assert.Equal("privkey:" + new string('7', 64), identity.Machine.ToText());
        Assert.Equal("privkey:" + new string('6', 64), identity.Node?.ToText());
        await identity.BeginRenewalAsync(NodePrivateKey.Generate(), TestContext.Current.CancellationToken);
        var profile = Encoding.UTF8.GetString((await store.ReadAsync("profile-ab12", TestContext.Current.CancellationToken))!);
        Assert.Contains("\"CorpDNS\":true", profile, StringComparison.Ordinal);
        Assert.Contains($"\"OldPrivateNodeKey\":\"privkey:{new string('6', 64)}\"", profile, StringComparison.Ordinal);

        static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
    }

    [Fact]
    public async Task An_identity_outlives_its_object_and_is_gone_after_a_logout()
    {
        var store = new MemoryNodeStateStore();
        string machine, node;
        using (var first = await NodeIdentity.LoadAsync(store, TestContext.Current.CancellationToken))
        {
            Assert.Null(first.Node);
            await first.CreateAsync(NodePrivateKey.Generate(), TestContext.Current.CancellationToken);
            await first.NoteRegistrationAsync("n7CNTRL", new Uri("https://control.example/"), "me@example.com", TestContext.Current.CancellationToken);
            (machine, node) = (first.Machine.ToText(), first.Node!.ToText());
        }

        using (var second = await NodeIdentity.LoadAsync(store, TestContext.Current.CancellationToken))
        {
            Assert.Equal((machine, node), (second.Machine.ToText(), second.Node?.ToText()));
            await second.ForgetNodeAsync(TestContext.Current.CancellationToken);
        }

        using var third = await NodeIdentity.LoadAsync(store, TestContext.Current.CancellationToken);
        Assert.Equal(machine, third.Machine.ToText());
        Assert.Null(third.Node);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Both_keys_of_a_renewal_outlive_their_object_until_one_is_noted(bool isTaken)
    {
        var store = new MemoryNodeStateStore();
        var (old, next) = (NodePrivateKey.Generate(), NodePrivateKey.Generate());
        var (oldText, nextText) = (old.ToText(), next.ToText());
        using (var first = await NodeIdentity.LoadAsync(store, TestContext.Current.CancellationToken))
        {
            await first.CreateAsync(old, TestContext.Current.CancellationToken);
            await NoteAsync(first);
            await first.BeginRenewalAsync(next, TestContext.Current.CancellationToken);

            // The server's last map about the old key may only be noted now.
            await NoteAsync(first);
        }

        using (var second = await NodeIdentity.LoadAsync(store, TestContext.Current.CancellationToken))
        {
            Assert.Equal((oldText, nextText), (second.Node?.ToText(), second.Next?.ToText()));
            await second.EndRenewalAsync(isTaken ? second.Next! : second.Node!, TestContext.Current.CancellationToken);
            await NoteAsync(second);
        }

        using var third = await NodeIdentity.LoadAsync(store, TestContext.Current.CancellationToken);
        Assert.Equal((isTaken ? nextText : oldText, null), (third.Node?.ToText(), third.Next?.ToText()));

        static Task NoteAsync(NodeIdentity identity) =>
            identity.NoteRegistrationAsync("n7CNTRL", new Uri("https://control.example/"), "me@example.com", TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_logged_out_node_is_not_noted_again()
    {
        var store = new MemoryNodeStateStore();
        using (var first = await NodeIdentity.LoadAsync(store, TestContext.Current.CancellationToken))
        {
            await first.CreateAsync(NodePrivateKey.Generate(), TestContext.Current.CancellationToken);
            await first.ForgetNodeAsync(TestContext.Current.CancellationToken);
            await first.NoteRegistrationAsync("n7CNTRL", new Uri("https://control.example/"), "me@example.com", TestContext.Current.CancellationToken);
        }

        var current = Encoding.UTF8.GetString((await store.ReadAsync(NodeStateKeys.CurrentProfile, TestContext.Current.CancellationToken))!);
        var profile = Encoding.UTF8.GetString((await store.ReadAsync(current, TestContext.Current.CancellationToken))!);
        Assert.Equal("""{"LoggedOut":true}""", profile);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{\"_machinekey\": 7}")]
    public async Task A_damaged_file_is_named_and_not_quoted(string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(StateFile)!);
        await File.WriteAllTextAsync(StateFile, content, TestContext.Current.CancellationToken);
        using var store = new FileNodeStateStore(StateFile);

        var refused = await Assert.ThrowsAsync<NodeStateException>(async () => await store.ReadAsync("a", TestContext.Current.CancellationToken));

        Assert.Contains(StateFile, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(content, refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_key_is_named_and_not_quoted()
    {
        var store = new MemoryNodeStateStore();
        await store.WriteAsync(NodeStateKeys.MachineKey, "privkey:secret"u8.ToArray(), TestContext.Current.CancellationToken);

        var refused = await Assert.ThrowsAsync<NodeStateException>(() => NodeIdentity.LoadAsync(store, TestContext.Current.CancellationToken));

        Assert.Contains("_machinekey", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.ToString(), StringComparison.Ordinal);
    }
}
