namespace Fairlead.Tailnet.Fuzzing.Control;

/// <summary>Map responses that between them have every field.</summary>
internal static class MapSeeds
{
    public static IReadOnlyList<string> Messages { get; } =
    [
        """{"Seq":1,"MapSessionHandle":"h","Node":{"ID":1,"StableID":"n1","Name":"a.example.ts.net.","User":7,"Key":"nodekey:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f","KeyExpiry":"2030-01-02T03:04:05Z","Addresses":["100.64.0.1/32","fd7a:115c:a1e0::1/128"],"Capabilities":["https"],"CapMap":{"service-host":[{"svc:a":["100.64.0.9"]}]},"Tags":["tag:a"],"MachineAuthorized":true},"Peers":[{"ID":2,"DERP":"127.3.3.40:4","Endpoints":["192.0.2.1:41641","[2001:db8::1]:41641"],"AllowedIPs":null},{"ID":3,"Online":true,"LastSeen":"2020-01-01T00:00:00.5Z","Hostinfo":{"OS":"linux","NetInfo":{"DERPLatency":{"1-v4":0.1}},"Services":[{"Proto":"peerapi4","Port":1}]}}]}""",
        """{"PeersRemoved":[2],"PeersChanged":[{"ID":4,"Name":"d.example.ts.net.","SelfNodeV4MasqAddrForThisPeer":"100.64.1.1"}],"PeerSeenChange":{"3":true},"OnlineChange":{"3":false},"PeersChangedPatch":[{"NodeID":3,"DERPRegion":9,"Cap":100,"CapMap":{"x":[1,"a",null]},"Endpoints":["192.0.2.2:1"],"DiscoKey":"discokey:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"}]}""",
        """{"PacketFilter":[{"SrcIPs":["*"],"DstPorts":[{"IP":"*","Ports":{"First":0,"Last":65535}}],"IPProto":[6,17]}],"PacketFilters":{"*":null,"a":[{"SrcIPs":["100.64.0.0/10"],"CapGrant":[{"Dsts":["100.64.0.1/32"],"CapMap":{"c":[{"a":1}]}}]}],"b":null}}""",
        """{"DERPMap":{"Regions":{"1":{"RegionID":1,"RegionCode":"a","Nodes":[{"Name":"1a","RegionID":1,"HostName":"derp.example.com","STUNPort":-1}]},"2":null},"HomeParams":{"RegionScore":{"1":0.5}},"omitDefaultRegions":true},"DNSConfig":{"Resolvers":[{"Addr":"1.1.1.1"}],"Routes":{"x.":null,"y.":[]},"Proxied":true,"CertDomains":["a"],"ExtraRecords":[{"Name":"a","Value":"1.1.1.1"}]},"Domain":"d"}""",
        """{"UserProfiles":[{"ID":7,"LoginName":"a@x","Groups":["g"]}],"Health":["h"],"DisplayMessages":{"*":null,"m":{"Title":"t","Severity":"high","PrimaryAction":{"URL":"u","Label":"l"}}},"SSHPolicy":{"rules":[]},"ControlTime":"2026-01-01T00:00:00Z","TKAInfo":{"Head":"h"},"Debug":{"SleepSeconds":1.5,"Exit":1},"ControlDialPlan":{"Candidates":[{"IP":"192.0.2.1","Priority":1}]},"ClientVersion":{"RunningLatest":true},"PingRequest":{"URL":"https://x/","Types":"c2n","Payload":"R0VUIC8="}}""",
        """{"KeepAlive":true}""",
    ];
}
