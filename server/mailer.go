package main

import (
	"context"
	netmail "net/mail"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"greenroom/server/mail"
	"greenroom/server/post"
)

// startPost starts the sender of mails: to the mail server, with --dev to the outbox. Without either
// there is no mail.
func (r *server) startPost(ctx context.Context) error {
	var carrier post.Carrier
	var from netmail.Address
	switch {
	case r.dev:
		r.outbox = &mail.Outbox{}
		carrier, from.Address = r.outbox, "rooms@greenroom.invalid"
	case r.smtp != nil:
		carrier, from = r.smtp, r.smtp.From
		r.log.Info("mail", "server", r.smtp.Address())
	default:
		return nil
	}
	var err error
	r.post, err = post.New(ctx, post.Config{Store: r.store, Rooms: r.hub, Carrier: carrier, From: from, Public: r.public, Log: r.log})
	if err == nil {
		r.registry.MustRegister(r.mailsWaiting())
		r.parts.runs("mail", r.post.Run)
	}
	return err
}

// mailsWaiting is the length of the queue, which all instances share.
func (r *server) mailsWaiting() prometheus.Collector {
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "greenroom_mails_waiting", Help: "Mails that wait in the store, of all instances; -1: the store is away."}, func() float64 {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		n, err := r.store.MailsWaiting(ctx)
		if err != nil {
			return -1
		}
		return float64(n)
	})
}
